import type { FormOptions } from '../http/input.ts';
import { NoFields } from '../http/no-fields.ts';
import { RefusalPage } from './refusal-page.tsx';

/** The input of a route behind a mere button; its refusal is a page of its own. */
export function buttonForm(title: string) {
  const form: FormOptions = {
    only: true,
    page: { title, body: ({ refusal }) => <>{refusal && <RefusalPage refusal={refusal} />}</> },
  };
  return { schema: NoFields, form };
}
