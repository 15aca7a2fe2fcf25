import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { days } from '../../src/time.ts';
import { createTestApp, PASSWORD, sql } from '../support/app.ts';
import { queued } from '../support/mail.ts';
import { EMAIL } from '../support/requests.ts';

/** Takes what is posted to the provider, and lets everything else through. */
function standIn(status: number) {
  const real = globalThis.fetch;
  const posted: Record<string, unknown>[] = [];
  vi.stubGlobal('fetch', (input: Request | string, init?: RequestInit) => {
    if (input !== 'https://api.resend.com/emails') return real(input, init);
    posted.push(JSON.parse(String(init?.body)));
    return Promise.resolve(new Response('{}', { status }));
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  return posted;
}

describe('the cron trigger of a Worker', () => {
  it('sends what waits, tries again what failed, and drops what is past its time', async () => {
    const app = await createTestApp();
    const { redis, database } = app.services.config;
    if (redis.kind !== 'rest' || database.kind !== 'remote') throw new Error('not a Worker');
    const env = {
      ...{ BASE_URL: 'http://localhost:3000', SESSION_SECRET: 's'.repeat(32) },
      ...{ UPSTASH_REDIS_REST_URL: redis.url, UPSTASH_REDIS_REST_TOKEN: redis.token },
      ...{ TURSO_DATABASE_URL: database.url, MAIL_URL: 'resend:key' },
      ...{ MAIL_FROM: 'gatehouse@example.com' },
    };
    await app.client().post('/auth/register', { json: { email: EMAIL, password: PASSWORD } });
    await app.sql(sql`
      INSERT INTO link_tokens (digest, purpose, address, expires_at)
      VALUES ('old', 'reset', ${EMAIL}, ${Date.now() - 1})`);
    await app.sql(sql`
      INSERT INTO events (id, kind, request_id, at)
      VALUES ('old', 'refused', '', ${Date.now() - days(90) - 1})`);
    vi.resetModules();
    const { default: worker } = await import('../../src/worker.ts');

    const refused = standIn(503);
    await worker.scheduled({}, env);
    expect(refused).toHaveLength(1);
    expect(await queued(app)).toMatchObject([{ purpose: 'verification', attempts: 1 }]);
    expect(await app.sql(sql`SELECT * FROM link_tokens WHERE digest = 'old'`)).toEqual([]);
    expect(await app.sql(sql`SELECT * FROM events WHERE id = 'old'`)).toEqual([]);
    expect(await app.sql(sql`SELECT kind FROM events`)).toEqual([{ kind: 'registered' }]);

    const posted = standIn(200);
    await worker.scheduled({}, env);
    expect(posted).toEqual([]);
    await app.sql(sql`UPDATE mail_queue SET due_at = 0`);
    await worker.scheduled({}, env);
    expect(posted).toMatchObject([{ to: [EMAIL] }]);
    expect(posted[0]?.text).toMatch(/^http:\/\/localhost:3000\/verify\?token=[\w-]{43}$/m);
    expect(await queued(app)).toEqual([]);
  });
});
