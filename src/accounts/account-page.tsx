import type { Child } from 'hono/jsx';
import type { SecurityEvent } from '../events/events.ts';
import { type FormState, freshForm } from '../http/form.ts';
import type { Texts } from '../texts/texts.ts';
import { deviceName, knownDeviceName } from '../ui/device.ts';
import { Button, Form } from '../ui/form.tsx';
import { Done } from '../ui/outcome.tsx';
import { Moment } from '../ui/times.tsx';
import type { User } from '../users/users.ts';

/** The forms of the account page, by the last part of where they go. */
export type AccountForm = 'name' | 'password' | 'email' | 'delete';

/** What else the account has. null: it can't be read right now. */
export interface Beside {
  /** How many sessions there are. */
  sessions: number | null;
  /** The latest security events. */
  events: SecurityEvent[] | null;
}

interface AccountProps extends Beside {
  t: Texts;
  user: User;
  /** The form that was refused. */
  sent?: { form: AccountForm; state: FormState } | undefined;
  /** The login is recent enough to change the address. */
  recent: boolean;
  passwordMinLength: number;
  /** Shown once, after a success. Empty: none. */
  notice: string;
}

/** Everything that people change about their own account. */
export function AccountPage(props: AccountProps) {
  const { t, user, sent, recent, passwordMinLength, notice, sessions, events } = props;
  const stateOf = (form: AccountForm, values: Record<string, string> = {}): FormState =>
    sent?.form === form ? sent.state : freshForm(t, values);
  const owner = user.email ?? user.username ?? undefined;
  const names = { name: user.name ?? '', username: user.username ?? '' };
  return (
    <>
      {notice && <Done>{notice}</Done>}
      <Section title={t.account.profile}>
        <Form
          state={stateOf('name', names)}
          action="/account/name"
          signedInAs={user.id}
          fields={[
            { name: 'name', label: t.name, autocomplete: 'name' },
            {
              name: 'username',
              label: t.username,
              autocomplete: 'username',
              hint: t.usernameRules,
            },
          ]}
          submit={t.account.save}
        />
      </Section>
      <Section title={t.email}>
        <p>{emailStatus(t, user)}</p>
        {user.email !== null && !user.emailVerified && (
          <div class="field">
            <Button
              action="/account/verification"
              label={t.account.resend}
              signedInAs={user.id}
              once
              look="quiet"
            />
          </div>
        )}
        <Form
          state={stateOf('email')}
          action="/account/email"
          signedInAs={user.id}
          once
          prefix="email-"
          proof="password"
          fields={[
            {
              name: 'email',
              label: t.account.newEmail,
              type: 'email',
              autocomplete: 'email',
              required: true,
            },
            ...(recent ? [] : [passwordField(t.passwordNow)]),
          ]}
          submit={t.account.sendTo}
        />
      </Section>
      <Section title={t.password}>
        <Form
          state={stateOf('password')}
          action="/account/password"
          signedInAs={user.id}
          proof="currentPassword"
          owner={owner}
          fields={[
            { ...passwordField(t.account.passwordNow), name: 'currentPassword' },
            {
              name: 'newPassword',
              label: t.newPassword,
              type: 'password',
              autocomplete: 'new-password',
              hint: t.account.newPasswordHint(passwordMinLength),
              minlength: passwordMinLength,
              required: true,
            },
          ]}
          submit={t.account.changePassword}
        />
      </Section>
      <Section title={t.sessions.title}>
        <p>{sessions === null ? t.account.hidden : t.account.places(sessions)}</p>
        <p>
          <a href="/account/sessions">{t.sessions.link}</a>
        </p>
      </Section>
      <Section title={t.account.events}>
        <Events t={t} events={events} />
      </Section>
      <Section title={t.account.delete}>
        <Form
          state={stateOf('delete')}
          action="/account/delete"
          signedInAs={user.id}
          prefix="delete-"
          proof="password"
          owner={owner}
          fields={[{ ...passwordField(t.passwordNow), hint: t.account.deleteHint }]}
          submit={t.account.delete}
          look="danger"
        />
      </Section>
    </>
  );
}

function Section({ title, children }: { title: string; children: Child }) {
  return (
    <section class="card split">
      <h2>{title}</h2>
      <div>{children}</div>
    </section>
  );
}

/**
 * A refused sign-in, and whatever else nobody who was signed in has done, carries a stranger's text:
 * an owner must not read advice of theirs there.
 */
function deviceOf(t: Texts, { kind, actorId, userAgent }: SecurityEvent): string | null {
  if (userAgent === null) return null;
  const isStrangers = kind === 'refused' || actorId === null;
  return isStrangers ? (knownDeviceName(userAgent) ?? t.notKnown) : deviceName(userAgent);
}

function Events({ t, events }: { t: Texts; events: SecurityEvent[] | null }) {
  if (events === null) return <p>{t.account.hidden}</p>;
  if (events.length === 0) return <p>{t.account.noEvents}</p>;
  return (
    <ul class="list">
      {events.map((event) => (
        <li class="item">
          <p>{t.account.kinds[event.kind]}</p>
          <p class="hint">
            <Moment t={t} at={event.at} />
            {[deviceOf(t, event), event.ip].filter(Boolean).map((part) => ` · ${part}`)}
          </p>
        </li>
      ))}
    </ul>
  );
}

const passwordField = (label: string) =>
  ({
    name: 'password',
    label,
    type: 'password',
    autocomplete: 'current-password',
    required: true,
  }) as const;

function emailStatus(t: Texts, { email, emailVerified }: User): string {
  if (email === null) return t.account.noEmail;
  return `${email}, ${emailVerified ? t.home.confirmed : t.home.unconfirmed}.`;
}
