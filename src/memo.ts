/** The latest answers of a function that depends on nothing but a text. */
export interface Memo<T> {
  /**
   * The answer for a text, worked out when it is not remembered. It is shared by all who ask, so it
   * is frozen, with all that is in it. null is not remembered.
   */
  get<A extends T | null>(text: string, work: (text: string) => A): T | A;
}

/** Characters. A text that is longer is worked out each time, or strangers could fill the memory. */
const LONGEST = 1000;

/** Remembers at least the `size` answers that were asked for last, and at most twice as many. */
export function createMemo<T>(size: number): Memo<T> {
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  return {
    get(text, work) {
      const remembered = young.get(text);
      if (remembered !== undefined) return remembered;
      const answer = old.get(text) ?? frozen(work(text));
      if (answer === null || text.length > LONGEST) return answer;
      if (young.size >= size) {
        old = young;
        young = new Map();
      }
      young.set(text, answer);
      return answer;
    },
  };
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}
