import { invalidField, type Refusal } from './errors.ts';

const MOST = 100;

/** How many rows of a list somebody asks for: 1 to 100, 50 where nothing is said. */
export function pageSize(asked = '50'): number | Refusal {
  const count = Number(asked);
  if (/^\d+$/.test(asked) && count >= 1 && count <= MOST) return count;
  return invalidField('limit', 'invalid', `Ask for 1 to ${MOST} of them.`, { min: 1, max: MOST });
}

/**
 * One page out of rows of which one more was asked for than fits, and the id after which the next
 * page goes on. null: that was the last.
 */
export function pageOf<T extends { id: string }>(rows: readonly T[], size: number) {
  const page = rows.slice(0, size);
  return { page, next: rows.length > size ? (page.at(-1)?.id ?? null) : null };
}
