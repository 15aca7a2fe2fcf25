import type { Registration } from '../config.ts';
import type { FormPage, FormState } from '../http/form.ts';
import { withReturnTo } from '../http/return-to.ts';
import { Form } from '../ui/form.tsx';
import { Outcome } from '../ui/outcome.tsx';

/** Who can't register here is not asked to. */
export const loginPage = (registration: Registration): FormPage => ({
  title: (t) => t.signIn,
  body: (state) => {
    const { t, values } = state;
    return (
      <>
        <Form
          state={state}
          action="/auth/login"
          signedInAs={null}
          carried={['returnTo']}
          fields={[
            {
              name: 'email',
              label: t.login.identifier,
              autocomplete: 'username',
              required: true,
            },
            {
              name: 'password',
              label: t.password,
              type: 'password',
              autocomplete: 'current-password',
              required: true,
            },
          ]}
          submit={t.signIn}
        >
          <p>
            <label class="choice">
              <input type="checkbox" name="remember" checked={'remember' in values} />
              {t.login.remember}
            </label>
          </p>
        </Form>
        <div class="after">
          <p>
            <a href={withReturnTo('/forgot', values)}>{t.login.forgot}</a>
          </p>
          {registration !== 'closed' && (
            <p>
              {t.login.noAccount} <a href={withReturnTo('/register', values)}>{t.register}</a>
            </p>
          )}
        </div>
      </>
    );
  },
});

export function registerPage(passwordMinLength: number): FormPage {
  return {
    title: (t) => t.register,
    body: (state) => {
      const { t } = state;
      return (
        <>
          <Form
            state={state}
            action="/auth/register"
            signedInAs={null}
            carried={['returnTo']}
            fields={[
              {
                name: 'email',
                label: t.email,
                type: 'email',
                autocomplete: 'email',
                required: true,
              },
              {
                name: 'username',
                label: t.optional(t.username),
                autocomplete: 'username',
                hint: t.usernameRules,
              },
              { name: 'name', label: t.optional(t.name), autocomplete: 'name' },
              {
                name: 'password',
                label: t.password,
                type: 'password',
                autocomplete: 'new-password',
                hint: t.passwordRules(passwordMinLength),
                minlength: passwordMinLength,
                required: true,
              },
            ]}
            submit={t.register}
          />
          <HaveAccount state={state} />
        </>
      );
    },
  };
}

/** Registration by a mailed link. */
export const askPage: FormPage = {
  title: (t) => t.register,
  body: (state) => {
    const { t } = state;
    return (
      <>
        <p class="lead">{t.registration.lead}</p>
        <Form
          state={state}
          action="/auth/register"
          signedInAs={null}
          once
          carried={['returnTo']}
          fields={[
            { name: 'email', label: t.email, type: 'email', autocomplete: 'email', required: true },
            { name: 'name', label: t.optional(t.name), autocomplete: 'name' },
          ]}
          submit={t.registration.send}
        />
        <HaveAccount state={state} />
      </>
    );
  },
};

/** The same whether there is such an account or not. */
export const sentPage: FormPage = {
  title: (t) => t.registration.sentTitle,
  body: ({ t }) => (
    <>
      <p>{t.registration.sent}</p>
      <p>
        <a href="/">{t.frontPage}</a>
      </p>
    </>
  ),
};

export const closedPage: FormPage = {
  title: (t) => t.register,
  body: (state) => {
    const { t } = state;
    return (
      <>
        <Outcome state={state} />
        <p>{t.registration.closed}</p>
        <p>
          {t.registration.closedHaveAccount} <a href="/login">{t.signIn}</a>
        </p>
      </>
    );
  },
};

export const logoutPage = (signedInAs: string | null): FormPage => ({
  title: (t) => t.signOut,
  body: (state) => (
    <Form
      state={state}
      action="/auth/logout"
      signedInAs={signedInAs}
      fields={[]}
      submit={state.t.signOut}
    >
      <p>{state.t.logout.lead}</p>
    </Form>
  ),
});

function HaveAccount({ state: { t, values } }: { state: FormState }) {
  return (
    <div class="after">
      <p>
        {t.registration.haveAccount} <a href={withReturnTo('/login', values)}>{t.signIn}</a>
      </p>
    </div>
  );
}
