import { type Milliseconds, minutes, seconds } from '../time.ts';

/** How long a peer may take over each step. */
export interface SmtpLimits {
  /** Until the connection stands, the look-up of the name included. */
  connection: Milliseconds;
  greeting: Milliseconds;
  /** The answer to EHLO, STARTTLS, AUTH, MAIL and RCPT, each. */
  command: Milliseconds;
  /** The answer to DATA. */
  data: Milliseconds;
  /** Handing over the content, which is a few kilobytes. */
  content: Milliseconds;
  /** The answer to the content, while the peer may be handing it on. */
  end: Milliseconds;
  /** All steps together. */
  total: Milliseconds;
}

/** RFC 5321 section 4.5.3.2, which names neither the connection nor the whole. */
export const SMTP_LIMITS: SmtpLimits = {
  connection: seconds(30),
  greeting: minutes(5),
  command: minutes(5),
  data: minutes(2),
  content: minutes(3),
  end: minutes(10),
  total: minutes(20),
};

/** A peer that gives up too early is sent the message twice, so each step has its own limit. */
export interface PhaseWatch {
  /** Aborted when a step takes too long. */
  signal: AbortSignal;
  /** What takes the library's account of the conversation, and keeps none of it. */
  logger: Record<'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'level', Take>;
  /** What was waited for in vain. Null: no limit was passed. */
  late(): string | null;
  stop(): void;
}

type Take = (entry: unknown, message?: unknown) => void;

/** Follows one conversation by what the library logs of it. */
export function watchPhases(limits: SmtpLimits): PhaseWatch {
  const aborting = new AbortController();
  let late: string | null = null;
  const after = (limit: Milliseconds, waitedFor: string) =>
    setTimeout(() => {
      late = waitedFor;
      aborting.abort();
    }, limit);
  const total = after(limits.total, 'end');
  let step = after(limits.connection, 'connection');

  function enter(limit: Milliseconds, waitedFor: string) {
    clearTimeout(step);
    step = after(limit, waitedFor);
  }

  const take: Take = (entry, message) => {
    const { tnx } = (entry ?? {}) as { tnx?: unknown };
    const text = String(message);
    if (tnx === 'network' && /established/.test(text)) enter(limits.greeting, 'greeting');
    else if (tnx === 'client' && text.startsWith('DATA')) enter(limits.data, 'answer to DATA');
    else if (tnx === 'client') {
      enter(
        limits.command,
        `answer to ${/^(EHLO|HELO|STARTTLS|AUTH|MAIL|RCPT)/.exec(text)?.[0] ?? 'a command'}`,
      );
    } else if (tnx === 'server' && text.startsWith('354'))
      enter(limits.content, 'room for the content');
    else if (tnx === 'message') enter(limits.end, 'answer to the content');
  };
  const logger = {
    ...{ trace: take, debug: take, info: take },
    ...{ warn: take, error: take, fatal: take, level: () => {} },
  };
  return {
    signal: aborting.signal,
    logger,
    late: () => late,
    stop() {
      clearTimeout(total);
      clearTimeout(step);
    },
  };
}
