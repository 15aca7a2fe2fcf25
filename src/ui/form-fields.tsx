import type { FormState } from '../http/form.ts';
import { detailOf } from '../http/problem.ts';

interface FieldProps {
  state: FormState;
  name: string;
  /** The name when absent; another where a page has two fields of one name. */
  id?: string;
  label: string;
  type?: 'text' | 'email' | 'password';
  autocomplete: string;
  hint?: string;
  required?: boolean;
  minlength?: number;
}

/** A labelled input with its hint and what is wrong with it. Passwords are never filled in again. */
export function Field(props: FieldProps) {
  const { state, name, label, type = 'text', autocomplete, hint, required, minlength } = props;
  const { id = name } = props;
  const error = state.refusal?.errors?.find(({ path }) => path === name);
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        type={type}
        autocomplete={autocomplete}
        autocapitalize="none"
        value={type === 'password' ? undefined : state.values[name]}
        required={required}
        minlength={minlength}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={describedBy || undefined}
      />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="wrong" id={`${id}-error`}>
          {error.message}
        </p>
      )}
    </div>
  );
}

/** Why the form was refused, above it, or what just went well; nothing on a fresh one. */
export function Refused({ state }: { state: FormState }) {
  if (state.done && !state.refusal) return <Done>{state.done}</Done>;
  if (!state.refusal) return null;
  const general = state.refusal.errors?.filter(({ path }) => path === '').map((e) => e.message);
  return (
    <p class="notice" role="alert">
      {general?.[0] ?? detailOf(state.refusal)}
    </p>
  );
}

/** What just went well. */
export function Done({ children }: { children: string }) {
  return (
    <p class="notice done" role="status">
      {children}
    </p>
  );
}

/** Carries where the person wanted to go through the form. */
export function ReturnTo({ state }: { state: FormState }) {
  const { returnTo } = state.values;
  return returnTo ? <input type="hidden" name="returnTo" value={returnTo} /> : null;
}
