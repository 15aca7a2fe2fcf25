import type { Context } from 'hono';
import type { AppEnv } from '../http/env.ts';
import type { FormPage, FormState } from '../http/form.ts';

/** Draws a page with a form. */
export function show<E extends AppEnv>(c: Context<E>, page: FormPage, state: FormState) {
  const { wide } = page;
  const problem = state.refusal !== null;
  const signedOut = state.refusal?.code === 'not_signed_in';
  return c.render(page.body(state), { title: page.title(state.t), wide, problem, signedOut });
}
