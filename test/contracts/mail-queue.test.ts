import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { createMailQueue } from '../../src/db/mail-table.ts';
import { createUsers } from '../../src/db/users-table.ts';
import type { MailPurpose } from '../../src/mail/queue.ts';
import { minutes } from '../../src/time.ts';
import { DATABASES } from '../support/databases.ts';

const LEASE = minutes(2);

/** Long ago, so that nothing is due which other tests have put into the same database. */
const START = Date.UTC(2001, 0, 1);

describe.each(Object.entries(DATABASES))('the mail queue on %s', (_, openDatabase) => {
  /** Two processes, each with a connection of its own; what tests before left is gone. */
  async function open() {
    const databases = await openDatabase();
    const time = { now: START };
    const [database] = databases;
    await database.run((db) =>
      db.run(sql`DELETE FROM mail_queue WHERE created_at < ${Date.UTC(2002)}`),
    );
    const [queue, other] = databases.map(createMailQueue);
    if (!queue || !other) throw new Error('two are needed');
    const take = (count: number, from = queue) => from.take(count, time.now, LEASE);
    const address = `${randomUUID()}@example.com`;
    const mail = (purpose: MailPurpose = 'reset') => ({
      ...{ id: randomUUID(), purpose, address, name: null },
      ...{ language: 'en', createdAt: time.now },
    });
    /** To the user's own address, unless another one is named. */
    const told = (purpose: MailPurpose, to: string | null = null) => ({
      ...{ id: randomUUID(), purpose, address: to },
      ...{ language: 'en', createdAt: time.now },
    });
    const rows = () =>
      database.run((db) =>
        db.all<Record<string, unknown>>(sql`SELECT * FROM mail_queue WHERE address = ${address}`),
      );
    return { database, queue, other, take, time, address, mail, told, rows };
  }

  async function withUser() {
    const made = await open();
    const users = createUsers(made.database);
    const id = randomUUID();
    const names = { id, email: made.address, username: null, name: null };
    const row = { ...names, createdAt: START, passwordHash: 'verified' };
    return { ...made, users, row, id };
  }

  it('hands out what is due, oldest first, and no more than asked for', async () => {
    const { queue, take, time, mail } = await open();
    const ids = [];
    for (const purpose of ['reset', 'register', 'invitation'] as const) {
      await queue.add(mail(purpose));
      time.now += 1000;
    }
    time.now -= 1000;
    for (let i = 0; i < 3; i += 1) ids.push(...(await take(1)).map(({ purpose }) => purpose));
    expect(ids).toEqual(['reset', 'register', 'invitation']);
    expect(await take(5)).toEqual([]);
  });

  it('hands out nothing before it is due', async () => {
    const { queue, take, time, mail } = await open();
    const one = mail();
    await queue.add(one);
    await take(5);
    await queue.postpone(one.id, START + 5000);
    time.now = START + 4999;
    expect(await take(5)).toEqual([]);
    time.now = START + 5000;
    expect(await take(5)).toMatchObject([{ id: one.id, attempts: 2 }]);
  });

  it('keeps what was taken for its taker, and no longer than its lease', async () => {
    const { queue, other, take, time, mail } = await open();
    const one = { ...mail(), name: "Zoë O'Neil; --" };
    await queue.add(one);
    expect(await take(5)).toMatchObject([{ ...one, attempts: 1, userId: null, epoch: null }]);
    time.now += LEASE - 1;
    expect(await take(5, other)).toEqual([]);
    time.now += 1;
    expect(await take(5, other)).toMatchObject([{ id: one.id, attempts: 2 }]);
  });

  it('forgets what is done', async () => {
    const { queue, take, time, mail, rows } = await open();
    const one = mail();
    await queue.add(one);
    await take(5);
    await queue.done(one.id);
    await queue.done(one.id);
    time.now += 2 * LEASE;
    expect(await take(5)).toEqual([]);
    expect(await rows()).toEqual([]);
  });

  it('hands each mail to one of many who take at once', async () => {
    const { queue, other, take, mail } = await open();
    await Promise.all(Array.from({ length: 40 }, () => queue.add(mail())));
    const takers = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? queue : other));
    const taken = (await Promise.all(takers.map((one) => take(5, one)))).flat();
    expect(taken).toHaveLength(40);
    expect(new Set(taken.map(({ id }) => id)).size).toBe(40);
    expect(taken.every(({ attempts }) => attempts === 1)).toBe(true);
  });

  it('takes mail in with the change that it tells of, to the address of before', async () => {
    const { users, row, id, address, told, rows } = await withUser();
    await users.insert(row, [{ mail: told('verification') }]);
    expect(await rows()).toMatchObject([{ purpose: 'verification', user_id: id, epoch: 0 }]);
    const change = { email: `${randomUUID()}@example.com` };
    expect(await users.update(id, change, {}, [{ mail: told('email_changed') }])).not.toBeNull();
    await users.remove(id, {}, [{ mail: told('account_deleted', address) }]);
    expect((await rows()).map(({ purpose }) => purpose)).toEqual([
      'verification',
      'email_changed',
      'account_deleted',
    ]);
  });

  it('tells whether the address of a mail was confirmed before the change', async () => {
    const { users, row, id, told, rows } = await withUser();
    await users.insert(row, [{ mail: told('verification') }]);
    await users.update(id, { emailVerified: true }, {}, [{ mail: told('password_changed') }]);
    const other = { mail: told('change_email', `${randomUUID()}@example.com`) };
    const [own, elsewhere] = [{ mail: told('change_email_asked') }, other];
    await users.update(id, { name: 'Ada' }, {}, [own, elsewhere]);
    const confirmed = async () => (await rows()).map((mail) => [mail.purpose, mail.confirmed]);
    expect(await confirmed()).toEqual([
      ['verification', 0],
      ['password_changed', 0],
      ['change_email_asked', 1],
    ]);
    await users.update(id, { emailVerified: false }, {}, [{ mail: told('password_changed') }]);
    expect((await confirmed()).at(-1)).toEqual(['password_changed', 1]);
  });

  it('takes nothing in with a change that does not happen', async () => {
    const { users, row, id, told, rows } = await withUser();
    const mails = [{ mail: told('password_changed') }];
    await users.insert(row);
    expect(await users.insert({ ...row, id: randomUUID() }, mails)).toBe(false);
    const change = { passwordHash: 'new' };
    expect(await users.update(id, change, { epoch: 1 }, mails)).toBeNull();
    expect(await users.update(id, change, { verified: 'other' }, mails)).toBeNull();
    expect(await users.remove(id, { verified: 'other' }, mails)).toBeNull();
    expect(await rows()).toEqual([]);
    expect(await users.update(id, change, { verified: 'verified' }, mails)).not.toBeNull();
    expect(await rows()).toHaveLength(1);
  });

  it('takes nothing in for a user without an address, for nobody, or for another epoch', async () => {
    const { database, queue, users, row, id, told } = await withUser();
    const verification = told('verification');
    await users.insert({ ...row, email: null, username: `u-${id}` }, [{ mail: verification }]);
    const typed = `${randomUUID()}@example.com`;
    const asked = told('change_email', typed);
    await queue.addFor({ id: randomUUID(), epoch: 0 }, [asked]);
    await queue.addFor({ id, epoch: 1 }, [asked]);
    const all = sql`SELECT * FROM mail_queue WHERE user_id = ${id}`;
    expect(await database.run((db) => db.all(all))).toEqual([]);
    await queue.addFor({ id, epoch: 0 }, [asked]);
    expect(await database.run((db) => db.all(all))).toMatchObject([{ address: typed, epoch: 0 }]);
  });
});
