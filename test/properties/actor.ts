import { signedIn } from '../support/accounts.ts';
import { sql, type TestApp } from '../support/app.ts';
import type { Answer, Client } from '../support/client.ts';
import { secretIn } from '../support/test-mailer.ts';
import type { Drawn } from './requests.ts';

export type Kind = 'anonymous' | 'user' | 'admin';

/** What ends a session, changes the password or makes a visitor somebody, when it succeeds. */
const TURNING = /^\/(auth|account)\/(login|register|password)$/;

/** Somebody who sends drawn requests, and starts anew when one of them ended what they were. */
export class Actor {
  private client: Client;
  private names: Record<string, string> = {};
  private count = 0;
  /** Whether the server, as far as the last answer told, knows who this is. */
  private here = false;

  constructor(
    private readonly app: TestApp,
    readonly kind: Kind,
  ) {
    this.client = app.client();
  }

  send = async ({ method, path, query, headers, body }: Drawn): Promise<Answer> => {
    if (!this.here) await this.arrive();
    if (typeof body === 'string') await this.fetchLink(body);
    const target = this.fill(path) + (query === '' ? '' : `?${this.fill(query)}`);
    const content = typeof body === 'string' ? this.fill(body) : body;
    const sent = { headers, ...(content === null ? {} : { body: content }) };
    const answer = await this.client.request(method, target, sent);
    const ownTerms = headers.authorization === undefined && headers.cookie === undefined;
    const deleted = method === 'DELETE' && answer.status === 204;
    if (ownTerms && (deleted || this.hasLeft(path, answer))) this.here = false;
    return answer;
  };

  /** Signs in as somebody new; there is somebody else too, for an admin to be tried on. */
  private async arrive(): Promise<void> {
    this.here = true;
    this.client = this.app.client();
    const { email, id, session } = await this.newcomer();
    this.names = { email, self: id, victim: id, session };
    if (this.kind === 'anonymous') return;

    const self = await this.newcomer();
    if (this.kind === 'admin') {
      const roles = JSON.stringify(['user', 'admin']);
      const change = sql`UPDATE users SET roles = ${roles}, epoch = epoch + 1 WHERE id = ${self.id}`;
      await this.app.sql(change);
    }
    const signed = await signedIn(this.app, { email: self.email });
    this.client = signed.client;
    this.names = { ...this.names, email: self.email, self: self.id, session: signed.session.id };
  }

  private async newcomer() {
    const email = `${crypto.randomUUID()}@example.com`;
    const { user, session } = await this.app.registered(email);
    return { email, id: user.id as string, session: session.id as string };
  }

  /** A link that works, when a request asks for one. */
  private async fetchLink(body: string): Promise<void> {
    const [, kind] = /(?:\{|%7B)(verify|reset)(?:\}|%7D)/.exec(body) ?? [];
    if (kind === undefined) return;
    const { email } = await this.newcomer();
    const forgot = { json: { email } };
    if (kind === 'reset') await this.app.client().post('/auth/password/forgot', forgot);
    this.names[kind] = secretIn((await this.app.mailTo(email)).at(-1));
  }

  private fill(text: string): string {
    this.count += 1;
    const known = { ...this.names, fresh: `f${this.count}x${Date.now()}` } as typeof this.names;
    const name = /\{(\w+)\}|%7B(\w+)%7D/g;
    return text.replace(name, (all, a?: string, b?: string) => known[a ?? b ?? ''] ?? all);
  }

  private hasLeft(path: string, { json, cookies, status, headers }: Answer): boolean {
    if (status < 400 && TURNING.test(path)) return true;
    if (this.kind === 'anonymous') return false;
    const sentAway = headers.get('location')?.startsWith('/login') === true;
    const cleared = cookies.some((line) => /; *max-age=0/i.test(line));
    const refused = status === 401 || (this.kind === 'admin' && json?.code === 'forbidden');
    return refused || sentAway || cleared;
  }
}
