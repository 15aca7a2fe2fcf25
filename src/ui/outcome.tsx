import type { FieldError, Refusal } from '../errors.ts';
import type { FormState } from '../http/form.ts';
import type { Texts } from '../texts/texts.ts';
import { lasting } from '../texts/times.ts';
import { minutes, seconds } from '../time.ts';

type Wrong = Pick<FieldError, 'path' | 'message'>;

/** What is wrong with which field, in the words of the page. `proof` names the password's field. */
export function errorsOf({ t, refusal }: FormState, proof?: string): Wrong[] {
  if (!refusal) return [];
  const { code, errors } = refusal;
  if (errors) return errors.map((error) => ({ path: error.path, message: t.fieldError(error) }));
  if (proof && code === 'invalid_credentials') return [{ path: proof, message: t.wrongPassword }];
  if (proof && code === 'recent_login_required')
    return [{ path: proof, message: t.refused(refusal) }];
  return [];
}

interface OutcomeProps {
  state: FormState;
  errors?: Wrong[];
  fields?: { name: string; label: string }[];
  prefix?: string;
}

/**
 * Why the form was refused, above it and with the focus, or what just went well; nothing on a fresh
 * one.
 */
export function Outcome({ state, errors = errorsOf(state), fields = [], prefix }: OutcomeProps) {
  const { t, refusal, done } = state;
  if (!refusal) return done ? <Done>{done}</Done> : null;
  const [whole] = errors.filter(({ path }) => path === '');
  const rest = errors.filter((error) => error !== whole);
  return (
    <div class="notice" tabindex={-1} autofocus role="alert">
      <p>{whole?.message ?? (rest.length > 0 ? t.check : reason(t, refusal))}</p>
      {rest.length > 0 && (
        <ul>
          {rest.map(({ path, message }) => {
            const field = fields.find(({ name }) => name === path);
            if (!field) return <li>{`${path}: ${message}`}</li>;
            return (
              <li>
                <a href={`#${prefix}${path}`}>{`${field.label}: ${message}`}</a>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}

/** Why, and how long to wait where that is more than a moment. */
export function reason(t: Texts, refusal: Refusal): string {
  const wait = seconds(refusal.retryAfter ?? 0);
  const said = t.refused(refusal);
  return wait < minutes(1) ? said : `${said} ${t.retryIn(lasting(t.language, wait))}`;
}

/** What just went well. */
export function Done({ children }: { children: string }) {
  return (
    <p class="notice done" role="status">
      {children}
    </p>
  );
}
