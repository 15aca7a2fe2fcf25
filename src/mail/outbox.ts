import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, seconds, systemClock } from '../time.ts';
import {
  checkMessage,
  formatSender,
  type Mailer,
  type Message,
  mailFault,
  type Sender,
} from './mailer.ts';

export interface OutboxOptions {
  folder: string;
  from: Sender;
  /** Told of every message that has been written. */
  announce?: (message: Message) => void;
  clock?: Clock;
}

/** A message as it lies in the outbox. */
export interface OutboxEntry {
  /** The name of its file, without the folder. */
  file: string;
  to: string;
  subject: string;
  /** As in its header: `Fri, 20 Nov 2026 19:00:01 GMT`. */
  date: string;
  text: string;
}

/** `2026-11-20T19-00-01-123Z-ID.txt`, so that names sort by time. */
const FILE = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z-([A-Za-z0-9-]+)\.txt$/;

/**
 * Mail that goes nowhere: a text file for each message, to be read by whoever runs the server. Only
 * they can read it, because its links sign people in. A repetition takes the place of the first try.
 */
export function createOutbox(options: OutboxOptions): Mailer {
  const { folder, from, announce, clock = systemClock } = options;
  return {
    async send(message) {
      checkMessage(message, from);
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const date = new Date(clock.now());
        const earlier = (await readdir(folder)).find((file) => idOf(file) === message.id);
        const path = join(folder, earlier ?? `${stamp(date)}-${message.id}.txt`);
        await writeWhole(path, format(message, from, date));
      } catch (error) {
        throw mailFault(error);
      }
      announce?.(message);
    },
    async check() {
      return `Mail is kept in ${folder}.`;
    },
    longest: seconds(10),
    room: () => Number.POSITIVE_INFINITY,
    async close() {},
  };
}

/** The newest messages first. A folder that is not there is empty. */
export async function readOutbox(folder: string, limit: number): Promise<OutboxEntry[]> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw mailFault(error);
  });
  const newest = files
    .filter((file) => idOf(file) !== null)
    .sort()
    .reverse()
    .slice(0, limit);
  const entries = await Promise.all(newest.map((file) => readEntry(folder, file)));
  return entries.filter((entry) => entry !== null);
}

/** null: no message, such as one that is still being written. */
function idOf(file: string): string | null {
  return FILE.exec(file)?.[1] ?? null;
}

const stamp = (date: Date) => date.toISOString().replace(/[:.]/g, '-');

/** Whole or not at all: a reader never sees half a message. */
async function writeWhole(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, content, { flag: 'wx', mode: 0o600 });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
}

/** Not encoded, so that a link can be copied from its one line. */
function format({ id, to, subject, text, html }: Message, from: Sender, date: Date): string {
  const headers = [
    `From: ${formatSender(from)}`,
    `To: ${to}`,
    `Date: ${date.toUTCString()}`,
    `Subject: ${subject}`,
  ];
  return `${headers.join('\n')}\n\n${text.trim()}\n\n${separator(id)}\n\n${html.trim()}\n`;
}

/** With the id, which nobody whose words are in the text can know. */
const separator = (id: string) => `${'-'.repeat(12)} the same as HTML (${id}) ${'-'.repeat(12)}`;

/** null: taken away meanwhile. */
async function readEntry(folder: string, file: string): Promise<OutboxEntry | null> {
  const content = await readFile(join(folder, file), 'utf8').catch(() => null);
  if (content === null) return null;
  const [head = '', ...parts] = content.split('\n\n');
  const [text = ''] = parts.join('\n\n').split(`\n\n${separator(idOf(file) ?? '')}\n`);
  const header = (name: string) =>
    head
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2) ?? '';
  return { file, to: header('To'), subject: header('Subject'), date: header('Date'), text };
}
