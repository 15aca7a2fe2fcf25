import { Hono } from 'hono';
import type { AppEnv } from '../http/env.ts';
import { input } from '../http/input.ts';
import { NoFields } from '../http/no-fields.ts';
import type { Expiry } from '../session/expiry.ts';
import type { Clock } from '../time.ts';
import { HomePage } from './page.tsx';

export interface HomeParts {
  expiry: Pick<Expiry, 'endOf'>;
  clock: Clock;
}

/** The front page with the session panel. Mounted behind the session middleware. */
export function homeRoutes({ expiry, clock }: HomeParts) {
  const page = { title: 'Welcome', body: () => <p>That did not work.</p> };
  return new Hono<AppEnv>()
    .get('/', (c) => {
      const live = c.get('live');
      const counter = countOf(c.get('session').get('counter'));
      const title = live?.user ? `Hello, ${nameOf(live.user)}` : 'Welcome';
      const body = <HomePage live={live} counter={counter} expiry={expiry} now={clock.now()} />;
      return c.render(body, { title });
    })
    .post('/counter', input({ schema: NoFields, form: { page, only: true } }), (c) => {
      const session = c.get('session');
      session.set('counter', countOf(session.get('counter')) + 1);
      return c.redirect('/', 303);
    });
}

const countOf = (value: unknown) => (typeof value === 'number' ? value : 0);

const nameOf = (user: { name: string | null; username: string | null; email: string | null }) =>
  user.name ?? user.username ?? user.email;
