import type { ReadSession } from './reader.ts';
import { emptyData, type SessionData } from './record.ts';
import type { Token } from './token.ts';
import { chooseTokens } from './token-choice.ts';

/** What a new session takes over from the one that its request came with. */
export type KeepData = (previous: readonly Token[]) => Promise<SessionData>;

/**
 * Only from an anonymous session, and only the named keys: whoever planted that session chose what
 * is in it. Without names nothing is read.
 */
export function createKeepData(read: ReadSession, names: readonly string[]): KeepData {
  return async function keepData(previous) {
    const kept = emptyData();
    if (names.length === 0 || previous.some(({ userId }) => userId !== null)) return kept;
    const values = (await read(chooseTokens(previous, () => null)))?.record.data.values ?? {};
    for (const name of names) if (Object.hasOwn(values, name)) kept.values[name] = values[name];
    return kept;
  };
}
