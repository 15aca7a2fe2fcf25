import type { Message } from '../../src/mail/mailer.ts';
import { createServices, type Ports } from '../../src/services.ts';
import { type LetterKind, MAIL_TEXTS } from '../../src/texts/mails.ts';
import { PASSWORD, sql, type TestApp } from './app.ts';
import type { Client, Sent } from './client.ts';
import { EMAIL } from './requests.ts';
import { runtime } from './runtime.ts';
import { secretIn } from './test-mailer.ts';

export const NEW_PASSWORD = 'another horse battery staple';

/** What a message is, by its English subject. */
function kindOf({ subject }: Message): LetterKind {
  const kinds = Object.keys(MAIL_TEXTS.en) as LetterKind[];
  const found = kinds.find((kind) => MAIL_TEXTS.en[kind]('Gatehouse').subject === subject);
  if (found === undefined) throw new Error(`no letter has the subject ${subject}`);
  return found;
}

/**
 * What went to an address so far, once that is sent that is due: in the order in which it was put in,
 * because what is due together is sent side by side.
 */
export async function lettersTo(app: TestApp, address = EMAIL): Promise<LetterKind[]> {
  const sent = await app.mailTo(address);
  return sent.sort((one, other) => (one.id < other.id ? -1 : 1)).map(kindOf);
}

/** The newest message of a kind to an address. */
export async function letterTo(app: TestApp, kind: LetterKind, address = EMAIL): Promise<Message> {
  const found = (await app.mailTo(address)).findLast((message) => kindOf(message) === kind);
  if (!found) throw new Error(`no ${kind} went to ${address}`);
  return found;
}

/** The secret in the newest message of a kind to an address. */
export const secretTo = async (app: TestApp, kind: LetterKind, address = EMAIL) =>
  secretIn(await letterTo(app, kind, address));

export const forgot = (app: TestApp, email = EMAIL, sent: Sent = {}) =>
  app.client().post('/auth/password/forgot', { json: { email }, ...sent });

/** The secret of a link that sets a new password. */
export async function resetSecret(app: TestApp, email = EMAIL): Promise<string> {
  await forgot(app, email);
  return secretTo(app, 'reset', email);
}

export const reset = (client: Client, token: string, password = NEW_PASSWORD) =>
  client.post('/auth/password/reset', { json: { token, password } });

export const verify = (client: Client, token: string) =>
  client.post('/auth/email/verify', { json: { token } });

/** Opens a link that changes an address, as its owner in a browser where nobody is signed in. */
export const verifyChange = (client: Client, token: string, password = PASSWORD) =>
  client.post('/auth/email/verify', { json: { token, password } });

export const disown = (client: Client, token: string) =>
  client.post('/verify/disown', { form: { token } });

export const changeEmail = (client: Client, email: string) =>
  client.post('/auth/email', { json: { email } });

/** The parts of another process over the same store and database. */
export const otherServices = (app: TestApp, ports: Partial<Ports> = {}) =>
  createServices(app.services.config, {
    ...app.services,
    ...{ bcrypt: runtime.bcrypt, gate: runtime.gate, keepAlive() {}, mailer: app.mail.mailer },
    ...ports,
  });

/** Sends what is due by now, as the timer or the cron trigger would. */
export const deliver = async (app: TestApp): Promise<void> => app.services.delivery?.run();

/** The mails that wait. */
export const queued = (app: TestApp) => app.sql(sql`SELECT * FROM mail_queue ORDER BY id`);

/** Every value of every row of every table. */
export async function everythingStored(app: TestApp): Promise<string> {
  const tables = ['users', 'link_tokens', 'mail_queue', 'events', 'known_devices'];
  const rows = tables.map((table) => app.sql(sql`SELECT * FROM ${sql.identifier(table)}`));
  return JSON.stringify(await Promise.all(rows));
}

/** An answer without what is new each time. */
export function seen(answer: { status: number; text: string; headers: Headers }) {
  const headers = [...answer.headers].filter(([name]) => name !== 'x-request-id');
  return { status: answer.status, text: answer.text, headers };
}

/** What a link that does not work is answered with, whatever the cause. */
export const INVALID = [400, 'invalid_token'];

// biome-ignore lint/suspicious/noExplicitAny: the body of any answer
export const outcomeOf = ({ status, json }: { status: number; json: any }) =>
  json?.code === undefined ? [status] : [status, json.code];
