import { type FormState, freshForm } from '../http/form.ts';
import { Done, Field, Refused } from '../ui/form-fields.tsx';
import type { User } from './users.ts';

/** The forms of the account page, by the last part of where they go. */
export type AccountForm = 'name' | 'password' | 'email' | 'delete';

interface AccountProps {
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
export function AccountPage({ user, sent, recent, passwordMinLength, notice }: AccountProps) {
  const stateOf = (form: AccountForm, values: Record<string, string> = {}): FormState =>
    sent?.form === form ? sent.state : freshForm(values);
  const names = { name: user.name ?? '', username: user.username ?? '' };
  const profile = stateOf('name', names);
  const email = stateOf('email');
  const password = stateOf('password');
  const deletion = stateOf('delete');
  return (
    <>
      {notice && <Done>{notice}</Done>}
      <p>
        <a href="/account/sessions">Where you are signed in</a>
      </p>
      <section>
        <h2>Name</h2>
        <Refused state={profile} />
        <form method="post" action="/account/name">
          <Field state={profile} name="name" label="Your name" autocomplete="name" />
          <Field
            state={profile}
            name="username"
            label="User name"
            autocomplete="username"
            hint="2 to 32 letters, digits, dots, dashes or underscores."
          />
          <button type="submit">Save</button>
        </form>
      </section>
      <section>
        <h2>Email</h2>
        <Refused state={email} />
        <p>{emailStatus(user)}</p>
        {user.email !== null && !user.emailVerified && (
          <form method="post" action="/account/verification">
            <button type="submit" class="quiet">
              Send the link again
            </button>
          </form>
        )}
        <form method="post" action="/account/email">
          <Field
            state={email}
            name="email"
            label="New email"
            type="email"
            autocomplete="email"
            required
          />
          {!recent && (
            <Field
              state={email}
              name="password"
              id="email-password"
              label="Your password"
              type="password"
              autocomplete="current-password"
              required
            />
          )}
          <button type="submit">Send a link to it</button>
        </form>
      </section>
      <section>
        <h2>Password</h2>
        <Refused state={password} />
        <form method="post" action="/account/password">
          <Field
            state={password}
            name="currentPassword"
            label="Your password now"
            type="password"
            autocomplete="current-password"
            required
          />
          <Field
            state={password}
            name="newPassword"
            label="New password"
            type="password"
            autocomplete="new-password"
            hint={`At least ${passwordMinLength} characters. Every other session ends.`}
            minlength={passwordMinLength}
            required
          />
          <button type="submit">Change the password</button>
        </form>
      </section>
      <section>
        <h2>Delete the account</h2>
        <Refused state={deletion} />
        <form method="post" action="/account/delete">
          <Field
            state={deletion}
            name="password"
            id="delete-password"
            label="Your password"
            type="password"
            autocomplete="current-password"
            hint="The account and all its sessions are gone at once, and do not come back."
            required
          />
          <button type="submit" class="quiet">
            Delete the account
          </button>
        </form>
      </section>
    </>
  );
}

function emailStatus({ email, emailVerified }: User): string {
  if (email === null) return 'There is no address yet.';
  return emailVerified ? `${email}, confirmed.` : `${email}, not confirmed yet.`;
}
