import { describe, expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../src/time.ts';
import { createTestApp, PASSWORD } from '../support/app.ts';
import { expectHeld } from '../support/tries.ts';

describe('people behind one address', () => {
  it('register, thirty within five minutes; a script that goes on is refused after sixty', async () => {
    const app = await createTestApp();
    const register = (n: number) =>
      app.client().post('/auth/register', {
        json: { email: `user${n}@example.com`, password: PASSWORD },
      });
    for (let n = 0; n < 30; n += 1) {
      expect((await register(n)).status).toBe(201);
      await app.advance(seconds(10));
    }
    for (let n = 30; n < 60; n += 1) expect((await register(n)).status).toBe(201);
    expectHeld(await register(60), hours(1) - minutes(5));
  });
});
