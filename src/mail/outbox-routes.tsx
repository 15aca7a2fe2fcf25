import { Hono } from 'hono';
import { sameText } from '../constant-time.ts';
import { refusal } from '../errors.ts';
import type { AppContext, AppEnv } from '../http/env.ts';
import { refuse } from '../http/refusal.tsx';
import { textsOf } from '../http/texts.ts';
import { isLoopback, leadsHere } from '../loopback.ts';
import type { Texts } from '../texts/texts.ts';
import type { OutboxEntry } from './outbox.ts';

export interface OutboxParts {
  /** The newest messages first. */
  read(limit: number): Promise<OutboxEntry[]>;
  clientAddress: (c: AppContext) => string | null;
  /** A random text of this start, which only the printed address has. */
  key: string;
}

const SHOWN = 50;

/** Any of them says that a proxy stands in between, so somebody else may be asking. */
const FORWARDED = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];

/**
 * `/dev/outbox`: the mail that a server on this machine would have sent. Its links sign people in,
 * so it is there only for whoever reads what the server prints, on this machine: mounted only where
 * `showsMail`, and looked at per request. A careless proxy on this machine passes strangers on, with
 * nothing in their requests to tell them by, but they do not know the key.
 */
export function outboxRoutes({ read, clientAddress, key }: OutboxParts) {
  function fromHere(c: AppContext): boolean {
    const host = `http://${c.req.header('host') ?? ''}`;
    const peer = clientAddress(c) ?? '';
    const named = URL.canParse(host) && leadsHere(host);
    return named && isLoopback(peer) && FORWARDED.every((name) => c.req.header(name) === undefined);
  }

  return new Hono<AppEnv>().get('/dev/outbox', async (c) => {
    if (!fromHere(c) || !sameText(c.req.query('key') ?? '', key))
      return refuse(c, refusal('not_found'));
    const mails = await read(SHOWN);
    c.header('Cache-Control', 'no-store');
    const t = textsOf(c);
    return c.render(<Outbox t={t} mails={mails} />, { title: t.outbox.title, wide: true });
  });
}

function Outbox({ t, mails }: { t: Texts; mails: OutboxEntry[] }) {
  if (mails.length === 0) return <p>{t.outbox.empty}</p>;
  return (
    <>
      {mails.map(({ to, subject, date, text }) => (
        <article class="card">
          <h2>{subject}</h2>
          <p class="hint">
            {t.outbox.to} {to}, {date}
          </p>
          {text.split('\n\n').map((part) => (
            <p>{/^https?:\S+\s*$/.test(part) ? <a href={part.trim()}>{part}</a> : part}</p>
          ))}
        </article>
      ))}
    </>
  );
}
