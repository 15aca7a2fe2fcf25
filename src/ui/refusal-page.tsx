import type { Refusal } from '../errors.ts';
import type { Texts } from '../texts/texts.ts';
import { reason } from './outcome.tsx';

/** A refusal that belongs to no form. */
export function RefusalPage({
  t,
  refusal,
  said,
}: {
  t: Texts;
  refusal: Refusal;
  /** Instead of the refusal's own sentence. */
  said?: string | undefined;
}) {
  const wayOn = refusal.code === 'not_signed_in' ? ['/login', t.signIn] : ['/', t.frontPage];
  return (
    <>
      <p>{said ?? reason(t, refusal)}</p>
      <p>
        <a href={wayOn[0]}>{wayOn[1]}</a>
      </p>
    </>
  );
}
