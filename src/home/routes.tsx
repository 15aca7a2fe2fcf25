import { Hono } from 'hono';
import type { Config } from '../config.ts';
import type { AppEnv } from '../http/env.ts';
import { input } from '../http/input.ts';
import { refuse } from '../http/refusal.tsx';
import { textsOf } from '../http/texts.ts';
import type { Expiry } from '../session/expiry.ts';
import type { SessionRecord } from '../session/record.ts';
import { refusalOf } from '../session/saving.ts';
import { patched, tooLarge } from '../session/session-data.ts';
import type { Sessions } from '../session/sessions.ts';
import type { Clock } from '../time.ts';
import { buttonForm } from '../ui/button-form.tsx';
import { nameOf } from '../ui/viewer.tsx';
import { HomePage } from './page.tsx';

export interface HomeParts {
  config: Pick<Config, 'appName' | 'registration' | 'appUrl' | 'baseUrl' | 'frontPage'>;
  sessions: Pick<Sessions, 'save'>;
  expiry: Pick<Expiry, 'endOf'>;
  clock: Clock;
}

/** The front page with the session panel. Mounted behind `sessionData()`. */
export function homeRoutes({ config, sessions, expiry, clock }: HomeParts) {
  const { appName, frontPage, appUrl } = config;
  // Behind a proxy this may be the address of a frontend, but who gets here is here already.
  const elsewhere = appUrl === `${config.baseUrl}/` ? null : appUrl;
  const open = config.registration !== 'closed';

  return new Hono<AppEnv>()
    .get('/', (c) => {
      const t = textsOf(c);
      const live = c.get('live');
      if (frontPage === 'account') {
        return c.redirect(elsewhere ?? (live?.user ? '/account' : '/login'), 303);
      }
      const counter = countOf(c.get('session').get('counter'));
      const title = live?.user ? t.home.hello(nameOf(live.user)) : t.home.welcome;
      const props = { t, appName, live, counter, expiry, now: clock.now(), open };
      return c.render(<HomePage {...props} />, { title, wide: true });
    })
    .post('/counter', input(buttonForm((t) => t.home.counter)), async (c) => {
      const live = c.get('live');
      // Starts a session when there is none.
      if (!live) c.get('session').set('counter', 1);
      else {
        // Of what stands there when it is written, so that two clicks at once count two.
        const outcome = await sessions.save(live, plusOne);
        if (outcome.kind === 'impossible') return refuse(c, tooLarge());
        if (outcome.kind !== 'saved') return refuse(c, refusalOf(outcome.kind));
        c.set('live', outcome.session);
      }
      return c.redirect('/', 303);
    });
}

/** null: the session has no room for a counter. */
function plusOne(record: SessionRecord): SessionRecord | null {
  const before = record.data.values;
  const values = patched(before, { counter: countOf(before.counter) + 1 });
  return values && { ...record, data: { ...record.data, values } };
}

const countOf = (value: unknown) => (typeof value === 'number' ? value : 0);
