import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { Database } from '../../src/db/client.ts';
import { createTestApp } from './app.ts';
import { linkScene } from './parallel-links.ts';

const passwordOf = (i: number) => `battery staple number ${i}`;

/** Single-use links under 20 tries at once, on any database. */
export function linkRaces(open: () => Promise<[Database, ...Database[]]>): void {
  async function scene() {
    // Twenty proofs by password at once are no guessing here.
    const env = { LIMIT_LOGIN_ACCOUNT: '1000/30s..1h', LIMIT_LOGIN_ADDRESS: '1000/10m' };
    const app = await createTestApp({ env });
    return linkScene(app, await open());
  }

  it.each(['reset', 'invitation'] as const)('a link of a %s sets one password', async (purpose) => {
    const { id, email, all, issue, race, login } = await scene();
    const token = await issue({ purpose, userId: id, address: email });
    const won = await race('/auth/password/reset', (i) => ({ token, password: passwordOf(i) }));
    expect(won).toHaveLength(1);
    const [winner = -1] = won;
    expect((await login(passwordOf(winner)))?.status).toBe(200);
    for (const password of ['an old password', passwordOf((winner + 1) % 20)]) {
      expect((await login(password))?.status).toBe(401);
    }
    expect(await all(sql`SELECT epoch, version FROM users WHERE id = ${id}`)).toEqual([
      { epoch: 1, version: 1 },
    ]);
    expect(await all(sql`SELECT kind FROM events WHERE user_id = ${id}`)).toContainEqual({
      kind: 'password_reset',
    });
    const notices = sql`SELECT purpose FROM mail_queue WHERE user_id = ${id}`;
    expect(await all(notices)).toEqual([]);
    expect(await all(sql`SELECT * FROM link_tokens WHERE address = ${email}`)).toEqual([]);
  });

  it('a link of a registration makes one account', async () => {
    const { all, issue, race, login } = await scene();
    const address = `${randomUUID()}@example.com`;
    const other = `${randomUUID()}@example.com`;
    await issue({ purpose: 'register', userId: null, address: other });
    const token = await issue({ purpose: 'register', userId: null, address });
    const won = await race('/auth/password/reset', (i) => ({ token, password: passwordOf(i) }));
    expect(won).toHaveLength(1);
    expect(await all(sql`SELECT email FROM users WHERE email = ${address}`)).toHaveLength(1);
    expect(await all(sql`SELECT email FROM users WHERE email = ${other}`)).toEqual([]);
    expect((await login(passwordOf(won[0] ?? -1), address))?.status).toBe(200);
  });

  it('a link of a verification confirms once', async () => {
    const { id, email, all, issue, race } = await scene();
    const token = await issue({ purpose: 'verification', userId: id, address: email });
    expect(await race('/auth/email/verify', () => ({ token }))).toHaveLength(1);
    expect(await all(sql`SELECT version FROM users WHERE id = ${id}`)).toEqual([{ version: 1 }]);
  });

  it('a link of a verification disowns once', async () => {
    const { id, email, all, issue, race } = await scene();
    const token = await issue({ purpose: 'verification', userId: id, address: email });
    expect(await race('/verify/disown', () => ({ token }), 303)).toHaveLength(1);
    const row = sql`SELECT epoch, password_hash FROM users WHERE id = ${id}`;
    expect(await all(row)).toEqual([{ epoch: 1, password_hash: null }]);
  });

  it('a link of a change of address moves the account once', async () => {
    const { id, all, issue, race } = await scene();
    const address = `${randomUUID()}@example.com`;
    const token = await issue({ purpose: 'change_email', userId: id, address });
    const json = { token, password: 'an old password' };
    expect(await race('/auth/email/verify', () => json)).toHaveLength(1);
    const row = sql`SELECT email, version, email_verified FROM users WHERE id = ${id}`;
    expect(await all(row)).toEqual([{ email: address, version: 1, email_verified: 1 }]);
  });
}
