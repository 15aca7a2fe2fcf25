import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PASSWORD } from '../support/app.ts';
import { Client } from '../support/client.ts';
import { OTHER_RUNTIMES } from '../support/other-runtimes.ts';
import { hasProgram } from '../support/programs.ts';
import { start, temporaryFolder } from '../support/server.ts';

const JSON_ADA = { email: 'ada@example.com', password: PASSWORD };

describe.each(Object.entries(OTHER_RUNTIMES))('the built server on %s', (_, runtime) => {
  const installed = hasProgram(runtime[0] as string, 'npm ci --prefix test/runtimes');

  it.runIf(installed)(
    'goes from register over a restart to sign-out, and logs no error',
    async () => {
      const folder = temporaryFolder();
      const env = { DATA_DIR: join(folder, 'data'), BCRYPT_COST: '10', DENO_DIR: folder };
      const first = await start(env, undefined, runtime);
      const ada = new Client((request) => fetch(request), first.url);
      expect((await ada.get('/register')).status).toBe(200);
      expect((await ada.post('/auth/register', { json: JSON_ADA })).status).toBe(201);
      expect((await ada.get('/auth/session')).json.user.email).toBe('ada@example.com');
      expect((await ada.post('/counter')).status).toBeLessThan(400);

      // Three answers wait for their hashes when the signal comes.
      const tries = ['bob', 'cyd', 'dan'].map((name) =>
        fetch(`${first.url}/auth/register`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email: `${name}@example.com`, password: PASSWORD }),
        }),
      );
      await Promise.race(tries);
      first.process.kill('SIGTERM');
      for (const answer of tries) expect((await answer).status).toBe(201);
      expect(await first.ended).toBe(0);
      expect(first.output().err).toBe('');

      const second = await start({ ...env, PORT: new URL(first.url).port }, undefined, runtime);
      expect((await ada.get('/auth/session')).json.user.email).toBe('ada@example.com');
      expect((await ada.post('/auth/logout')).status).toBe(204);
      expect((await ada.get('/auth/session')).json.user).toBeNull();
      expect((await ada.post('/auth/login', { json: JSON_ADA })).status).toBe(200);
      second.process.kill('SIGTERM');
      expect(await second.ended).toBe(0);
      expect(second.output().err).toBe('');
    },
    90_000,
  );
});
