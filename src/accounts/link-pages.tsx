import type { FormPage } from '../http/form.ts';
import { Field, Refused } from '../ui/form-fields.tsx';

export const forgotPage: FormPage = {
  title: 'Forgot your password?',
  body: (state) => (
    <>
      <Refused state={state} />
      <p>We send a link to the address of your account. It opens a page for a new password.</p>
      <form method="post" action="/auth/password/forgot">
        <Field
          state={state}
          name="email"
          label="Email"
          type="email"
          autocomplete="username"
          required
        />
        <button type="submit">Send the link</button>
      </form>
      <p>
        <a href="/login">Sign in</a>
      </p>
    </>
  ),
};

/** The same whether there is such an account or not. */
export const forgotSentPage: FormPage = {
  title: 'Look into your mail',
  body: () => (
    <>
      <p>
        If there is an account with that address, a link is on its way. It works for 30 minutes.
      </p>
      <p>
        Nothing there? Look among the spam, or <a href="/forgot">try again</a>.
      </p>
    </>
  ),
};

export function resetPage(passwordMinLength: number): FormPage {
  return {
    title: 'Choose a password',
    body: (state) => (
      <>
        <Refused state={state} />
        <form method="post" action="/auth/password/reset">
          <input type="hidden" name="token" value={state.values.token} />
          <Field
            state={state}
            name="password"
            label="New password"
            type="password"
            autocomplete="new-password"
            hint={`At least ${passwordMinLength} characters. A few words make a good one.`}
            minlength={passwordMinLength}
            required
          />
          <button type="submit">Set the password</button>
        </form>
        <p class="hint">Every session of the account ends, so that only you are signed in.</p>
      </>
    ),
  };
}

export const verifyPage: FormPage = {
  title: 'Confirm your address',
  body: (state) => (
    <>
      <Refused state={state} />
      <form method="post" action="/auth/email/verify">
        <input type="hidden" name="token" value={state.values.token} />
        <button type="submit">Confirm the address</button>
      </form>
      {'change' in state.values ? null : (
        <>
          <p>
            You have no account here? Then somebody else used your address. This shuts them out and
            ends all their sessions; a new password makes the account yours.
          </p>
          <form method="post" action="/verify/disown">
            <input type="hidden" name="token" value={state.values.token} />
            <button type="submit" class="quiet">
              This was not me
            </button>
          </form>
        </>
      )}
    </>
  ),
};

/** What `/verify` says afterwards. */
export const VERIFIED = {
  done: ['Address confirmed', 'Your address is confirmed.'],
  disowned: [
    'That is settled',
    'Whoever used your address can not sign in any more. If you want the account, choose a password by "Forgot your password?".',
  ],
} as const;

/** A link of ours always carries a secret. */
export const noLinkPage: FormPage = {
  title: 'Open the link in your mail',
  body: () => (
    <p>
      This page is opened by a link that was mailed. Is yours too old? <a href="/forgot">Ask</a> for
      a new one.
    </p>
  ),
};
