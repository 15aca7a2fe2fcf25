import type { FormState } from '../http/form.ts';
import { detailOf } from '../http/problem.ts';

interface FieldProps {
  state: FormState;
  name: string;
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
  const error = state.refusal?.errors?.find(({ path }) => path === name);
  const describedBy = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input
        id={name}
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
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="wrong" id={`${name}-error`}>
          {error.message}
        </p>
      )}
    </div>
  );
}

/** Why the form was refused, above it; nothing on a fresh one. */
export function Refused({ state }: { state: FormState }) {
  if (!state.refusal) return null;
  const general = state.refusal.errors?.filter(({ path }) => path === '').map((e) => e.message);
  return (
    <p class="notice" role="alert">
      {general?.[0] ?? detailOf(state.refusal)}
    </p>
  );
}

/** Carries where the person wanted to go through the form. */
export function ReturnTo({ state }: { state: FormState }) {
  const { returnTo } = state.values;
  return returnTo ? <input type="hidden" name="returnTo" value={returnTo} /> : null;
}
