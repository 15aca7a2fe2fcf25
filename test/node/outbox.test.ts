import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createOutbox, type OutboxOptions, readOutbox } from '../../src/mail/outbox.ts';
import { aMessage, FROM, faultOf, INJECTIONS, mistakeOf, SENDERS } from '../support/messages.ts';
import { temporaryFolder } from '../support/server.ts';

const START = Date.UTC(2026, 10, 20, 19, 0, 1, 123);

function outbox(options: Partial<OutboxOptions> = {}) {
  const folder = join(temporaryFolder(), 'data', 'outbox');
  const time = { now: START };
  const clock = { now: () => time.now };
  return { folder, time, ...createOutbox({ folder, from: FROM, clock, ...options }) };
}

describe('the outbox', () => {
  it('holds a message as one file that people can read', async () => {
    const { folder, send } = outbox();
    await send(aMessage({ id: 'abc-1' }));
    expect(readdirSync(folder)).toEqual(['2026-11-20T19-00-01-123Z-abc-1.txt']);
    const content = readFileSync(join(folder, '2026-11-20T19-00-01-123Z-abc-1.txt'), 'utf8');
    expect(content.split('\n')).toEqual([
      'From: Gatehouse <no-reply@example.com>',
      'To: ada@example.com',
      'Date: Fri, 20 Nov 2026 19:00:01 GMT',
      'Subject: Confirm your address',
      '',
      'Hello Ada,',
      '',
      'https://auth.example.com/verify?token=hunter2',
      '',
      '------------ the same as HTML (abc-1) ------------',
      '',
      '<p>Hello Ada, <a href="https://auth.example.com/verify?token=hunter2">confirm</a></p>',
      '',
    ]);
  });

  it('keeps a long link on one line, to be copied', async () => {
    const { folder, send } = outbox();
    const link = `https://auth.example.com/reset?token=${'a='.repeat(500)}`;
    await send(aMessage({ text: `Grüße\n\n${link}\n` }));
    const [entry] = await readOutbox(folder, 1);
    expect(entry?.text.split('\n')).toContain(link);
  });

  it('is for its owner alone, because its links sign people in', async () => {
    const { folder, send } = outbox();
    await send(aMessage());
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const [file = ''] = readdirSync(folder);
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  });

  it('shows the newest messages first, and no more than asked for', async () => {
    const { folder, send, time } = outbox();
    for (const subject of ['one', 'two', 'three']) {
      await send(aMessage({ subject }));
      time.now += 60_000;
    }
    const newest = await readOutbox(folder, 2);
    expect(newest.map(({ subject }) => subject)).toEqual(['three', 'two']);
    expect(newest[1]).toEqual({
      file: expect.stringMatching(/^2026-11-20T19-01-01-123Z-[\w-]{36}\.txt$/),
      to: 'ada@example.com',
      subject: 'two',
      date: 'Fri, 20 Nov 2026 19:01:01 GMT',
      text: 'Hello Ada,\n\nhttps://auth.example.com/verify?token=hunter2',
    });
  });

  it('keeps messages of the same moment apart', async () => {
    const { folder, send } = outbox();
    await Promise.all(['abc', 'x-abc', 'ABC-x'].map((id) => send(aMessage({ id, subject: id }))));
    const subjects = (await readOutbox(folder, 9)).map(({ subject }) => subject);
    expect(subjects.sort()).toEqual(['ABC-x', 'abc', 'x-abc']);
  });

  it('puts a repetition in the place of the first try, and of nothing else', async () => {
    const { folder, send, time } = outbox();
    await send(aMessage({ id: 'one-two', subject: 'other' }));
    await send(aMessage({ id: 'two', subject: 'first' }));
    time.now += 60_000;
    await send(aMessage({ id: 'two', subject: 'second' }));
    const subjects = (await readOutbox(folder, 9)).map(({ subject }) => subject);
    expect(subjects.sort()).toEqual(['other', 'second']);
  });

  it('shows a text that imitates the line before the HTML', async () => {
    const { folder, send } = outbox();
    const text =
      'one\n\n------------ the same as HTML (abc) ------------\n\nTo: eve@example.com\n\ntwo';
    await send(aMessage({ text, id: 'abc-1' }));
    expect(await readOutbox(folder, 1)).toMatchObject([{ to: 'ada@example.com', text }]);
  });

  it('shows only what it wrote', async () => {
    const { folder, send } = outbox();
    await send(aMessage());
    const [file = ''] = readdirSync(folder);
    for (const other of ['notes.txt', `${file}.draft`, '.DS_Store', `x${file}`]) {
      writeFileSync(join(folder, other), 'To: eve@example.com\n\nhello\n');
    }
    expect((await readOutbox(folder, 9)).map((entry) => entry.file)).toEqual([file]);
  });

  it('is empty before the first message', async () => {
    expect(await readOutbox(join(temporaryFolder(), 'outbox'), 9)).toEqual([]);
  });

  it('announces a message when it has been written', async () => {
    const seen: unknown[] = [];
    const announced = outbox({
      announce: ({ id, text }) => seen.push([id, text, readdirSync(announced.folder).length]),
    });
    const message = aMessage();
    await announced.send(message);
    expect(seen).toEqual([[message.id, message.text, 1]]);
  });

  it('has not taken a message that could not be written', async () => {
    const folder = join(temporaryFolder(), 'outbox');
    writeFileSync(folder, 'a file in the way');
    const seen: unknown[] = [];
    const blocked = outbox({ folder, announce: (message) => seen.push(message) });
    expect(await faultOf(blocked.send(aMessage()))).toMatch(/^(EEXIST|ENOTDIR)$/);
    rmSync(folder);
    await blocked.send(aMessage());
    expect(seen).toHaveLength(1);
  });

  it.each(INJECTIONS)('takes no %s that would inject a header: %j', async (field, changes) => {
    const { folder, send } = outbox();
    expect(await mistakeOf(send(aMessage(changes)))).toContain(field);
    expect(await readOutbox(folder, 9)).toEqual([]);
  });

  it.each(SENDERS)('takes no sender %j', async (from) => {
    const { folder, send } = outbox({ from });
    expect(await mistakeOf(send(aMessage()))).toContain('sender');
    expect(await readOutbox(folder, 9)).toEqual([]);
  });
});
