/**
 * Why Redis says that it did not carry out a command: its own first word. Redis 6 puts what a script
 * met behind words of its own. Null: an answer of another kind, such as a command that is wrong.
 */
export function refusalWord(message: string): string | null {
  const [, word = ''] =
    /^(?:ERR Error running script .{1,200}: -)?([A-Z]{3,32}) /.exec(message) ?? [];
  return word === '' || word === 'ERR' ? null : word;
}

/**
 * Another server may take the command: this one was demoted (`READONLY`), has lost its primary, is
 * loading its data or has lost its cluster. It carried out nothing, so a write may be sent again.
 */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'READONLY',
  'MASTERDOWN',
  'LOADING',
  'CLUSTERDOWN',
]);

export const isElsewhere = (message: string): boolean => ELSEWHERE.has(refusalWord(message) ?? '');

/** What an `ERR` is about, where its text is Redis's own and says what to do; else `ERR` alone. */
export const errText = (message: string): string | null =>
  /^ERR (max [a-z ]{1,60}|invalid password|DB index is out of range|unknown command)/.exec(
    message,
  )?.[0] ?? (message.startsWith('ERR ') ? 'ERR' : null);
