import type { FormPage } from '../http/form.ts';
import { Field, Refused, ReturnTo } from '../ui/form-fields.tsx';

export const loginPage: FormPage = {
  title: 'Sign in',
  body: (state) => (
    <>
      <Refused state={state} />
      <form method="post" action="/auth/login">
        <ReturnTo state={state} />
        <Field
          state={state}
          name="email"
          label="Email or user name"
          autocomplete="username"
          required
        />
        <Field
          state={state}
          name="password"
          label="Password"
          type="password"
          autocomplete="current-password"
          required
        />
        <p>
          <label class="choice">
            <input type="checkbox" name="remember" checked={'remember' in state.values} />
            Keep me signed in on this device
          </label>
        </p>
        <button type="submit">Sign in</button>
      </form>
      <p>
        <a href="/forgot">Forgot your password?</a>
      </p>
      <p>
        No account yet? <a href={withReturnTo('/register', state.values)}>Register</a>
      </p>
    </>
  ),
};

export function registerPage(passwordMinLength: number): FormPage {
  return {
    title: 'Register',
    body: (state) => (
      <>
        <Refused state={state} />
        <form method="post" action="/auth/register">
          <ReturnTo state={state} />
          <Field
            state={state}
            name="email"
            label="Email"
            type="email"
            autocomplete="email"
            required
          />
          <Field
            state={state}
            name="username"
            label="User name (optional)"
            autocomplete="username"
            hint="2 to 32 letters, digits, dots, dashes or underscores."
          />
          <Field state={state} name="name" label="Your name (optional)" autocomplete="name" />
          <Field
            state={state}
            name="password"
            label="Password"
            type="password"
            autocomplete="new-password"
            hint={`At least ${passwordMinLength} characters. A few words make a good one.`}
            minlength={passwordMinLength}
            required
          />
          <button type="submit">Register</button>
        </form>
        <p>
          Registered already? <a href={withReturnTo('/login', state.values)}>Sign in</a>
        </p>
      </>
    ),
  };
}

/** Registration by a mailed link. */
export const askPage: FormPage = {
  title: 'Register',
  body: (state) => (
    <>
      <Refused state={state} />
      <p>We send a link to your address. It opens the page where you choose a password.</p>
      <form method="post" action="/auth/register">
        <ReturnTo state={state} />
        <Field
          state={state}
          name="email"
          label="Email"
          type="email"
          autocomplete="email"
          required
        />
        <Field state={state} name="name" label="Your name (optional)" autocomplete="name" />
        <button type="submit">Send the link</button>
      </form>
      <p>
        Registered already? <a href={withReturnTo('/login', state.values)}>Sign in</a>
      </p>
    </>
  ),
};

/** The same whether there is such an account or not. */
export const sentPage: FormPage = {
  title: 'Look into your mail',
  body: () => (
    <>
      <p>If mail can reach that address, a link is on its way. It works for a day.</p>
      <p>
        <a href="/">To the front page</a>
      </p>
    </>
  ),
};

export const closedPage: FormPage = {
  title: 'Register',
  body: (state) => (
    <>
      <Refused state={state} />
      <p>Accounts are made by an administrator here.</p>
      <p>
        Have one? <a href="/login">Sign in</a>
      </p>
    </>
  ),
};

export const logoutPage: FormPage = {
  title: 'Sign out',
  body: (state) => (
    <>
      <Refused state={state} />
      <p>This ends your session on this device.</p>
      <form method="post" action="/auth/logout">
        <button type="submit">Sign out</button>
      </form>
    </>
  ),
};

function withReturnTo(path: string, { returnTo }: Record<string, string>): string {
  return returnTo ? `${path}?returnTo=${encodeURIComponent(returnTo)}` : path;
}
