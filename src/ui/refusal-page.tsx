import type { Refusal } from '../errors.ts';
import { detailOf } from '../http/problem.ts';

/** A refusal that belongs to no form. */
export function RefusalPage({ refusal }: { refusal: Refusal }) {
  return (
    <>
      <p>{detailOf(refusal)}</p>
      <p>
        <a href="/">To the front page</a>
      </p>
    </>
  );
}
