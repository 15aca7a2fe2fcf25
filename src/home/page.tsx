import type { Expiry } from '../session/expiry.ts';
import { isSignedIn, type LiveSession, type SignedInSession } from '../session/reader.ts';
import type { Texts } from '../texts/texts.ts';
import type { Milliseconds } from '../time.ts';
import { deviceName } from '../ui/device.ts';
import { Button } from '../ui/form.tsx';
import { Left, Moment } from '../ui/times.tsx';

interface HomeProps {
  t: Texts;
  appName: string;
  live: LiveSession | null;
  counter: number;
  expiry: Pick<Expiry, 'endOf'>;
  now: Milliseconds;
  /** People may make accounts. */
  open: boolean;
}

/** The session panel: who is signed in, in which session, for how long. */
export function HomePage({ t, appName, live, counter, expiry, now, open }: HomeProps) {
  return (
    <>
      {isSignedIn(live) ? (
        <Panel t={t} live={live} expiry={expiry} now={now} />
      ) : (
        <Welcome t={t} appName={appName} open={open} />
      )}
      <section class="card">
        <div class="row apart">
          <dl class="count">
            <dt>{t.home.counter}</dt>
            <dd>{counter}</dd>
          </dl>
          <Button
            action="/counter"
            label={t.home.addOne}
            signedInAs={live?.user?.id ?? null}
            look="quiet"
          />
        </div>
        <p class="hint">{t.home.counterHint}</p>
      </section>
    </>
  );
}

function Welcome({ t, appName, open }: Pick<HomeProps, 't' | 'appName' | 'open'>) {
  return (
    <section class="card">
      <p>{t.home.about(appName)}</p>
      <p class="lead">{t.home.nobody}</p>
      <p class="row">
        <a class="button" href="/login">
          {t.signIn}
        </a>
        {open && (
          <a class="button quiet" href="/register">
            {t.register}
          </a>
        )}
      </p>
    </section>
  );
}

interface PanelProps extends Pick<HomeProps, 't' | 'expiry' | 'now'> {
  live: SignedInSession;
}

function Panel({ t, live, expiry, now }: PanelProps) {
  const { user, record, token } = live;
  const { login, createdAt } = record;
  const methods = login.methods.map((method) => t.home.method[method] ?? method);
  return (
    <>
      <p class="lead row">
        <span>{user.email ?? user.username}</span>
        {user.email && (
          <span class="badge">{user.emailVerified ? t.home.confirmed : t.home.unconfirmed}</span>
        )}
      </p>
      <section class="card">
        <h2>{t.home.session}</h2>
        <dl class="big">
          <div>
            <dt>{t.home.idleEnd}</dt>
            <dd>
              <Left t={t} until={expiry.endOf(record)} now={now} />
            </dd>
          </div>
          <div>
            <dt>{t.home.absoluteEnd}</dt>
            <dd>
              <Left t={t} until={login.absoluteExpiresAt} now={now} />
            </dd>
          </div>
        </dl>
        <dl class="facts">
          <dt>{t.home.since}</dt>
          <dd>
            <Moment t={t} at={createdAt} />
          </dd>
          <dt>{t.home.methods}</dt>
          <dd>{methods.join(', ')}</dd>
          <dt>{t.device}</dt>
          <dd>{login.userAgent === null ? t.notKnown : deviceName(login.userAgent)}</dd>
          <dt>{t.address}</dt>
          <dd>{login.ip ?? t.notKnown}</dd>
          <dt>{t.home.id}</dt>
          <dd>{token.id}</dd>
        </dl>
        <p class="row">
          <a href="/account/sessions">{t.sessions.link}</a>
          <a href="/account">{t.account.title}</a>
        </p>
      </section>
    </>
  );
}
