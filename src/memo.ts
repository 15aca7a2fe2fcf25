/** The latest answers of a function that depends on nothing but a text. */
export interface Memo<T> {
  /** The answer for a text, worked out when it is not remembered. null is not remembered. */
  get(text: string, work: (text: string) => T | null): T | null;
}

/**
 * Remembers at least the `size` answers that were asked for last, and at most twice as many. They
 * are shared by all who ask, so they must not be changed.
 */
export function createMemo<T>(size: number): Memo<T> {
  let young = new Map<string, T>();
  let old = new Map<string, T>();
  return {
    get(text, work) {
      const remembered = young.get(text);
      if (remembered !== undefined) return remembered;
      const answer = old.get(text) ?? work(text);
      if (answer === null) return null;
      if (young.size >= size) {
        old = young;
        young = new Map();
      }
      young.set(text, answer);
      return answer;
    },
  };
}
