import type { FormOptions } from '../http/input.ts';
import { NoFields } from '../http/no-fields.ts';
import type { Texts } from '../texts/texts.ts';
import { RefusalPage } from './refusal-page.tsx';

/**
 * The input of a route behind a mere button; its refusal is a page of its own. `gone` says why there
 * is nothing behind the button any more.
 */
export function buttonForm(title: (t: Texts) => string, gone?: (t: Texts) => string) {
  const form: FormOptions = {
    only: true,
    page: {
      title,
      body: ({ t, refusal }) => {
        const said = refusal?.code === 'not_found' ? gone?.(t) : undefined;
        return <>{refusal && <RefusalPage t={t} refusal={refusal} said={said} />}</>;
      },
    },
  };
  return { schema: NoFields, form };
}
