import { expect, it } from 'vitest';
import { createTestApp } from '../support/app.ts';
import { costOf } from '../support/requests.ts';

it.each([
  ['/auth/sessions', 401],
  ['/account/sessions', 303],
])('a token that is over asks for no list of sessions at %s', async (path, status) => {
  const app = await createTestApp({ store: 'rest' });
  const { client } = await app.registered();
  const stolen = client.copy();
  await client.post('/auth/logout');
  for (let i = 0; i < 3; i += 1) {
    const cost = await costOf(app, async () =>
      expect((await stolen.get(path)).status).toBe(status),
    );
    expect(cost).toEqual({ commands: ['MGET'], statements: 0 });
  }
});
