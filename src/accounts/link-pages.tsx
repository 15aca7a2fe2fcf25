import type { Registration } from '../config.ts';
import type { FormPage, FormState } from '../http/form.ts';
import { withReturnTo } from '../http/return-to.ts';
import type { Texts } from '../texts/texts.ts';
import { Button, type FieldProps, Form } from '../ui/form.tsx';
import { Done, Outcome } from '../ui/outcome.tsx';
import type { LinkPurpose } from '../users/link-tokens.ts';

export const forgotPage: FormPage = {
  title: (t) => t.forgot.title,
  body: (state) => {
    const { t } = state;
    return (
      <>
        <p class="lead">{t.forgot.lead}</p>
        <Form
          state={state}
          action="/auth/password/forgot"
          carried={['returnTo']}
          signedInAs={null}
          once
          fields={[
            {
              name: 'email',
              label: t.email,
              type: 'email',
              autocomplete: 'username',
              required: true,
            },
          ]}
          submit={t.forgot.send}
        />
        <div class="after">
          <p>
            {t.forgot.remembered} <a href={withReturnTo('/login', state.values)}>{t.signIn}</a>
          </p>
        </div>
      </>
    );
  },
};

/** The same whether there is such an account or not. */
export const forgotSentPage: FormPage = {
  title: (t) => t.forgot.sentTitle,
  body: ({ t, values }) => (
    <>
      <p>{t.forgot.sent}</p>
      <p>
        {t.forgot.nothing} <a href={withReturnTo('/forgot', values)}>{t.forgot.again}</a>.
      </p>
    </>
  ),
};

/** `purpose`: what the link is for, as far as it is known. */
export function resetPage(parts: LinkPageParts, purpose?: LinkPurpose): FormPage {
  const { passwordMinLength, registration } = parts;
  return {
    title: (t) => (purpose === 'reset' ? t.reset.newTitle : t.reset.title),
    body: (state) => {
      const { t } = state;
      return (
        <>
          {purpose === 'invitation' && <p class="lead">{t.reset.invited}</p>}
          {purpose === 'register' && <p class="lead">{t.reset.registering}</p>}
          <Form
            state={state}
            action="/auth/password/reset"
            signedInAs={null}
            once
            carried={['token']}
            fields={[
              {
                name: 'password',
                label: t.newPassword,
                type: 'password',
                autocomplete: 'new-password',
                hint: t.passwordRules(passwordMinLength),
                minlength: passwordMinLength,
                required: true,
              },
            ]}
            submit={t.reset.set}
          />
          <div class="after">
            {isDead(state) ? (
              <NewLink t={t} at="/forgot" registration={registration} />
            ) : (
              purpose !== 'invitation' &&
              purpose !== 'register' && <p class="hint">{t.reset.ends}</p>
            )}
          </div>
        </>
      );
    },
  };
}

/**
 * `purpose`: what the link is for, as far as it is known. `asks`: for the password, when nobody is
 * signed in whose address the link changes.
 */
export const verifyPageFor = (purpose?: LinkPurpose, asks = false): FormPage => ({
  title: (t) => (purpose === 'change_email' ? t.verify.changeTitle : t.verify.title),
  body: (state) => {
    const { t, values } = state;
    const changes = 'change' in values || purpose === 'change_email' || lacksProof(state);
    return (
      <>
        <Form
          state={state}
          action="/auth/email/verify"
          signedInAs={null}
          once
          carried={['token']}
          fields={asks || lacksProof(state) ? [passwordField(t)] : []}
          submit={t.verify.confirm}
        >
          <p class="lead">{changes ? t.verify.changeLead : t.verify.lead}</p>
        </Form>
        {isDead(state) && (
          <div class="after">
            <NewLink t={t} at="/account" />
          </div>
        )}
        {changes || isDead(state) ? null : (
          <div class="after">
            <h2>{t.verify.notMineTitle}</h2>
            <p>{t.verify.notMine}</p>
            <Button
              action="/verify/disown"
              signedInAs={null}
              once
              label={t.verify.disown}
              look="danger"
              hidden={{ token: values.token }}
            />
          </div>
        )}
      </>
    );
  },
});

export const verifyPage = verifyPageFor();

/** The link changes an address, and who sent the form did not show that the account is theirs. */
const lacksProof = ({ refusal }: FormState) =>
  refusal?.code === 'not_signed_in' || refusal?.code === 'invalid_credentials';

const passwordField = (t: Texts): FieldProps => ({
  name: 'password',
  label: t.password,
  type: 'password',
  autocomplete: 'current-password',
  hint: t.verify.passwordHint,
  required: true,
});

/** What `/verify` says afterwards. */
export function verifiedPage(kind: 'done' | 'already' | 'disowned', home: string): FormPage {
  return {
    title: (t) => t.verify[`${kind}Title`],
    body: ({ t }) => (
      <>
        <Done>{t.verify[kind]}</Done>
        <FrontPage t={t} home={home} />
      </>
    ),
  };
}

export interface LinkPageParts {
  passwordMinLength: number;
  registration: Registration;
}

/** A link of ours always carries a secret. `at`: where one asks for another. */
export const noLinkPage = (at: NewLinkPlace, registration?: Registration): FormPage => ({
  title: (t) => t.noLink.title,
  body: ({ t }) => (
    <>
      <p>{t.noLink.lead}</p>
      <NewLink t={t} at={at} registration={registration} />
    </>
  ),
});

/** A link that was used or is too old. */
export const deadLinkPage = (at: NewLinkPlace, registration?: Registration): FormPage => ({
  title: (t) => t.noLink.deadTitle,
  body: (state) => (
    <>
      <Outcome state={state} />
      <NewLink t={state.t} at={at} registration={registration} />
    </>
  ),
});

type NewLinkPlace = '/forgot' | '/account';

const isDead = ({ refusal }: FormState) => refusal?.code === 'invalid_token';

interface NewLinkProps {
  t: Texts;
  at: NewLinkPlace;
  /** Under `verified` a link may have been for an account that is not there yet. */
  registration?: Registration | undefined;
}

function NewLink({ t, at, registration }: NewLinkProps) {
  return (
    <>
      <p>
        {t.noLink.old} <a href={at}>{t.noLink.ask}</a>.
      </p>
      {registration === 'verified' && (
        <p>
          {t.login.noAccount} <a href="/register">{t.register}</a>
        </p>
      )}
    </>
  );
}

function FrontPage({ t, home }: { t: Texts; home: string }) {
  return (
    <p>
      <a href={home}>{t.frontPage}</a>
    </p>
  );
}
