import type { Background } from '../background.ts';
import type { Refusal } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { Limits, Try } from '../limits/limits.ts';
import type { Log } from '../log.ts';
import { type Clock, days, hours, type Milliseconds, minutes, seconds } from '../time.ts';
import { type Letter, messageId, writeLetter } from './letter.ts';
import { type Mailer, MailRefused } from './mailer.ts';
import { type MailQueue, NOTICES, type QueuedMail } from './queue.ts';

export interface Delivery {
  /**
   * Sends what is due; what fails is tried again later, with growing delays, for a day, and what is
   * refused for good is an event. Rejects with a `Fault` when the queue can't be read.
   */
  run(): Promise<void>;
  /** Starts a run that nobody waits for. */
  kick(): void;
}

/** What a queued mail says by now. null: nothing any more. */
export type Compose = (mail: QueuedMail) => Promise<Letter | null>;

export interface DeliveryParts {
  queue: MailQueue;
  mailer: Mailer;
  compose: Compose;
  /** Mail to one address. */
  limit: Limits;
  /** One reset a window, for the owner of an address to which others have caused mail. */
  resetLimit: Limits;
  events: Pick<Events, 'record'>;
  background: Background;
  clock: Clock;
  log: Log;
  appName: string;
}

const AT_ONCE = 5;
/** So much longer than a transport takes, so that nobody else takes up what is being sent. */
const GRACE: Milliseconds = minutes(1);
const SHORTEST_LEASE: Milliseconds = minutes(2);
const GIVE_UP: Milliseconds = days(1);

/** 10 s, 30 s, 90 s, … and an hour at most. */
const delayAfter = (attempts: number): Milliseconds =>
  Math.min(seconds(10) * 3 ** (attempts - 1), hours(1));

/** When the last of the limits has room again, in seconds. */
function retryAfterOf(taken: readonly (Try | Refusal)[]): number {
  const last = taken.at(-1);
  return last && !last.ok ? (last.retryAfter ?? 60) : 60;
}

export function createDelivery(parts: DeliveryParts): Delivery {
  const { queue, mailer, compose, limit, resetLimit, events } = parts;
  const { background, clock, log, appName } = parts;
  const lease = Math.max(SHORTEST_LEASE, mailer.longest + GRACE);

  async function run() {
    for (;;) {
      const count = Math.min(AT_ONCE, mailer.room());
      if (count <= 0) return;
      const taken = await queue.take(count, clock.now(), lease);
      await Promise.all(taken.map(deliver));
      if (taken.length < count) return;
    }
  }

  async function deliver(mail: QueuedMail): Promise<void> {
    const { id, purpose, attempts } = mail;
    if (clock.now() - mail.createdAt > GIVE_UP) {
      log.error('mail was given up after a day', { id, purpose, attempts });
      return queue.done(id);
    }
    try {
      const wait = await send(mail);
      if (wait === null) await queue.done(id);
      else {
        log.info('mail waits: its address has had LIMIT_MAIL', { id, purpose, wait: wait / 1000 });
        await queue.postpone(id, clock.now() + wait);
      }
    } catch (error) {
      // Said already, with whose it is.
      if (error instanceof MailRefused) return queue.done(id);
      const wait = delayAfter(attempts);
      log.warn('mail was not sent', { id, purpose, attempts, retryAfter: wait / 1000, error });
      // Not there either: then its lease runs out, and it is tried again after that.
      await queue.postpone(id, clock.now() + wait).catch(() => {});
    }
  }

  /** null: sent, or not wanted any more; else how long it has to wait. */
  async function send(mail: QueuedMail): Promise<Milliseconds | null> {
    // The owner hears of a change at once, however much mail somebody else has caused. An address that
    // nobody has confirmed may be a stranger's, whom changes to and fro must not flood.
    if (mail.confirmed && NOTICES.has(mail.purpose)) {
      await write(mail);
      return null;
    }
    const { address } = mail;
    const limits = mail.purpose === 'reset' ? [resetLimit, limit] : [limit];
    const taken: (Try | Refusal)[] = [];
    try {
      for (const one of limits) taken.push(await one.take(address));
      // A reset waits only where one has gone out in this window, and as much mail as may.
      if (!taken.some(({ ok }) => ok)) return seconds(retryAfterOf(taken));
      if (!(await write(mail))) await giveBack();
      return null;
    } catch (error) {
      await giveBack();
      throw error;
    }

    /** Only what is sent counts: what waits must not make more of it wait. */
    async function giveBack() {
      for (const one of taken) if (one.ok) await one.giveBack().catch(() => {});
    }
  }

  /** false: it is not wanted any more. */
  async function write(mail: QueuedMail): Promise<boolean> {
    const letter = await compose(mail);
    if (letter === null) return false;
    try {
      await mailer.send(writeLetter(letter, messageId(mail.id, letter), appName));
    } catch (error) {
      if (error instanceof MailRefused) tellOfRefusal(mail, letter, error);
      throw error;
    }
    return true;
  }

  function tellOfRefusal({ id, purpose, attempts }: QueuedMail, { userId }: Letter, error: Error) {
    log.warn('mail was refused for good', { id, purpose, attempts, error });
    const by = { ip: null, userAgent: null, requestId: `mail ${id}`, language: 'en' as const };
    events.record({ kind: 'mail_refused', userId, actorId: null, by });
  }

  return { run, kick: () => background('sending mail', run) };
}
