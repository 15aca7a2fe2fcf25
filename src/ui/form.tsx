import { randomBytes } from 'node:crypto';
import type { Child } from 'hono/jsx';
import { FORM_KEY, type FormState, SIGNED_IN_AS } from '../http/form.ts';
import { errorsOf, Outcome } from './outcome.tsx';

export interface FieldProps {
  name: string;
  label: string;
  type?: 'text' | 'email' | 'password';
  autocomplete: 'username' | 'current-password' | 'new-password' | 'email' | 'name';
  /** Rules, said before anything is typed. */
  hint?: string;
  required?: boolean;
  minlength?: number;
}

/** Every form says for whom it is drawn, so that it can't act for somebody who signs in later. */
interface DrawnFor {
  /** The id of the user who is signed in. null: nobody is, or the form does not act for them. */
  signedInAs: string | null;
}

interface FormProps extends DrawnFor {
  state: FormState;
  action: string;
  fields: FieldProps[];
  /** What stands on the button. */
  submit: string;
  look?: 'danger';
  /** Before the ids of the fields, where a page has several forms. */
  prefix?: string;
  /** The field with the password that proves who somebody signed in is. */
  proof?: string;
  /** Whose password it is, for password managers. */
  owner?: string | undefined;
  /** Values that go through the form unseen. */
  carried?: string[];
  /** The form carries a `FORM_KEY`, so that it does once what is sent twice. */
  once?: boolean;
  /** Stands between the fields and the button. */
  children?: Child;
}

/** Why it was refused or what went well, labelled fields with what was typed, and a button. */
export function Form(props: FormProps) {
  const { state, action, signedInAs, fields, submit, look, prefix = '', proof, owner } = props;
  const { carried = [], once = false } = props;
  const errors = errorsOf(state, proof);
  return (
    <>
      <Outcome state={state} errors={errors} fields={fields} prefix={prefix} />
      <form method="post" action={action}>
        <SignedInAs signedInAs={signedInAs} />
        {once && <FormKey />}
        {carried.map((name) => {
          const value = state.values[name];
          return value ? <input type="hidden" name={name} value={value} /> : null;
        })}
        {owner && <input type="text" autocomplete="username" value={owner} hidden />}
        {fields.map((field) => {
          const message = errors.find(({ path }) => path === field.name)?.message;
          return <Field {...field} id={prefix + field.name} state={state} message={message} />;
        })}
        {props.children}
        <button type="submit" class={look}>
          {submit}
        </button>
      </form>
    </>
  );
}

/** Passwords are never filled in again; a script puts the button that shows one beside it. */
function Field(props: FieldProps & { id: string; state: FormState; message: string | undefined }) {
  const { id, name, state, message, label, type = 'text', autocomplete, hint } = props;
  const { t, values } = state;
  const isPassword = type === 'password';
  const isName = autocomplete === 'name';
  const describedBy = [hint && `${id}-hint`, message && `${id}-error`].filter(Boolean).join(' ');
  const input = (
    <input
      id={id}
      name={name}
      type={type}
      autocomplete={autocomplete}
      autocapitalize={isName ? undefined : 'none'}
      spellcheck={isName || isPassword ? undefined : false}
      value={isPassword ? undefined : values[name]}
      required={props.required}
      minlength={props.minlength}
      aria-invalid={message ? 'true' : undefined}
      aria-describedby={describedBy || undefined}
      data-show={isPassword ? t.show : undefined}
      data-hide={isPassword ? t.hide : undefined}
    />
  );
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {message && (
        <p class="wrong" id={`${id}-error`}>
          {message}
        </p>
      )}
      {isPassword ? <div class="box">{input}</div> : input}
    </div>
  );
}

/** A button that sends nothing but what it is for. */
export function Button({
  action,
  label,
  signedInAs,
  look,
  once = false,
  hidden = {},
}: DrawnFor & {
  action: string;
  /** As of `Form`. */
  once?: boolean;
  label: string;
  look?: string;
  hidden?: Record<string, string | undefined>;
}) {
  return (
    <form method="post" action={action}>
      <SignedInAs signedInAs={signedInAs} />
      {once && <FormKey />}
      {Object.entries(hidden).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit" class={look}>
        {label}
      </button>
    </form>
  );
}

const SignedInAs = ({ signedInAs }: DrawnFor) =>
  signedInAs === null ? null : <input type="hidden" name={SIGNED_IN_AS} value={signedInAs} />;

/** 128 bits, so that no other form has the same and nobody guesses it. */
const FormKey = () => (
  <input type="hidden" name={FORM_KEY} value={randomBytes(16).toString('base64url')} />
);
