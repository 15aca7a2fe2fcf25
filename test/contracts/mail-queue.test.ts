import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { users as usersTable } from '../../src/db/schema.ts';
import { createMailQueue, type NewMail } from '../../src/mail/queue.ts';
import { minutes } from '../../src/time.ts';
import { createUsers } from '../../src/users/users-table.ts';
import { DATABASES } from '../support/databases.ts';

/** Long ago, so that nothing is due which other tests have put into the same database. */
const START = Date.UTC(2001, 0, 1);

describe.each(Object.entries(DATABASES))('the mail queue on %s', (_, openDatabase) => {
  /** Two processes, each with a connection of its own; what tests before left is gone. */
  async function open() {
    const databases = await openDatabase();
    const time = { now: START };
    const clock = { now: () => time.now };
    const [database] = databases;
    await database.run((db) =>
      db.run(sql`DELETE FROM mail_queue WHERE created_at < ${Date.UTC(2002)}`),
    );
    const [queue, other] = databases.map((one) => createMailQueue(one, clock));
    if (!queue || !other) throw new Error('two are needed');
    const address = `${randomUUID()}@example.com`;
    const mail: NewMail = { purpose: 'reset', address, language: 'en' };
    const rows = () =>
      database.run((db) =>
        db.all<Record<string, unknown>>(sql`SELECT * FROM mail_queue WHERE address = ${address}`),
      );
    return { database, queue, other, time, mail, rows };
  }

  async function withUser() {
    const made = await open();
    const users = createUsers(made.database);
    const id = randomUUID();
    const names = { id, email: made.mail.address, username: null, name: null };
    const row = { ...names, createdAt: START, passwordHash: 'verified' };
    return { ...made, users, row, id };
  }

  it('hands out what is due, oldest first, and no more than asked for', async () => {
    const { queue, time, mail } = await open();
    const ids = [];
    for (const purpose of ['reset', 'register', 'invitation'] as const) {
      await queue.add({ ...mail, purpose });
      time.now += 1000;
    }
    time.now -= 1000;
    for (let i = 0; i < 3; i += 1) ids.push(...(await queue.take(1)).map(({ purpose }) => purpose));
    expect(ids).toEqual(['reset', 'register', 'invitation']);
    expect(await queue.take(5)).toEqual([]);
  });

  it('hands out nothing before it is due', async () => {
    const { queue, time, mail } = await open();
    await queue.add(mail);
    const [taken] = await queue.take(5);
    await queue.postpone(taken?.id ?? '', START + 5000);
    time.now = START + 4999;
    expect(await queue.take(5)).toEqual([]);
    time.now = START + 5000;
    expect(await queue.take(5)).toMatchObject([{ id: taken?.id, attempts: 2 }]);
  });

  it('keeps what was taken for its taker, and no longer than its lease', async () => {
    const { queue, other, time, mail } = await open();
    await queue.add({ ...mail, name: "Zoë O'Neil; --" });
    const [taken] = await queue.take(5);
    expect(taken).toMatchObject({ ...mail, name: "Zoë O'Neil; --", attempts: 1, userId: null });
    time.now += minutes(2) - 1;
    expect(await other.take(5)).toEqual([]);
    time.now += 1;
    expect(await other.take(5)).toMatchObject([{ id: taken?.id, attempts: 2 }]);
  });

  it('forgets what is done', async () => {
    const { queue, time, mail, rows } = await open();
    await queue.add(mail);
    const [taken] = await queue.take(5);
    await queue.done(taken?.id ?? '');
    await queue.done(taken?.id ?? '');
    time.now += minutes(5);
    expect(await queue.take(5)).toEqual([]);
    expect(await rows()).toEqual([]);
  });

  it('hands each mail to one of many who take at once', async () => {
    const { queue, other, mail } = await open();
    await Promise.all(Array.from({ length: 40 }, () => queue.add(mail)));
    const takers = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? queue : other));
    const taken = (await Promise.all(takers.map((one) => one.take(5)))).flat();
    expect(taken).toHaveLength(40);
    expect(new Set(taken.map(({ id }) => id)).size).toBe(40);
    expect(taken.every(({ attempts }) => attempts === 1)).toBe(true);
  });

  it('takes mail in with the change that it tells of, to the address of before', async () => {
    const { queue, users, row, id, mail, rows } = await withUser();
    const told = (purpose: NewMail['purpose'], address?: string) =>
      queue.companion({ purpose, language: 'de', ...(address ? { address } : {}) });
    await users.insert(row, [told('verification')]);
    expect(await rows()).toMatchObject([{ purpose: 'verification', user_id: id, epoch: 0 }]);
    const moved = `${randomUUID()}@example.com`;
    expect(await users.update(id, { email: moved }, {}, [told('email_changed')])).not.toBeNull();
    await users.remove(id, {}, [told('account_deleted', mail.address)]);
    expect((await rows()).map(({ purpose }) => purpose)).toEqual([
      'verification',
      'email_changed',
      'account_deleted',
    ]);
  });

  it('takes nothing in with a change that does not happen', async () => {
    const { queue, users, row, id, rows } = await withUser();
    const told = [queue.companion({ purpose: 'password_changed', language: 'en' })];
    await users.insert(row);
    expect(await users.insert({ ...row, id: randomUUID() }, told)).toBe(false);
    const change = { passwordHash: 'new' };
    expect(await users.update(id, change, { epoch: 1 }, told)).toBeNull();
    expect(await users.update(id, change, { verified: 'other' }, told)).toBeNull();
    expect(await users.remove(id, { verified: 'other' }, told)).toBeNull();
    expect(await rows()).toEqual([]);
    expect(await users.update(id, change, { verified: 'verified' }, told)).not.toBeNull();
    expect(await rows()).toHaveLength(1);
  });

  it('takes nothing in for a user without an address, or for nobody', async () => {
    const { database, queue, users, row, id } = await withUser();
    const told = queue.companion({ purpose: 'verification', language: 'en' });
    await users.insert({ ...row, email: null, username: `u-${id}` }, [told]);
    await queue.addFor(eq(usersTable.id, randomUUID()), [told]);
    const all = sql`SELECT * FROM mail_queue WHERE user_id = ${id}`;
    expect(await database.run((db) => db.all(all))).toEqual([]);
    const typed = `${randomUUID()}@example.com`;
    const asked = { purpose: 'change_email', language: 'en', address: typed } as const;
    await queue.addFor(eq(usersTable.id, id), [queue.companion(asked)]);
    expect(await database.run((db) => db.all(all))).toMatchObject([{ address: typed, epoch: 0 }]);
  });
});
