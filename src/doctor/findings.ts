import { Fault } from '../errors.ts';

/** `wrong`: it does not work as it is. `warn`: it works, and somebody should know. */
export type Mark = 'ok' | 'warn' | 'wrong';

export type Subject = 'settings' | 'store' | 'database' | 'mail' | 'reach' | 'cookie';

/** What was looked at, and what to do about it, in one line that never shows a secret. */
export interface Finding {
  mark: Mark;
  subject: Subject;
  text: string;
}

/** Makes findings on one subject. */
export const findingsOn = (subject: Subject) => ({
  ok: (text: string): Finding => ({ mark: 'ok', subject, text }),
  warn: (text: string): Finding => ({ mark: 'warn', subject, text }),
  wrong: (text: string): Finding => ({ mark: 'wrong', subject, text }),
});

/** One line a finding, and one that sums up. */
export function written(findings: readonly Finding[]): string {
  const lines = findings.map(({ mark, subject, text }) =>
    [mark.padEnd(5), subject.padEnd(8), text].join('  '),
  );
  return [...lines, '', summary(findings)].join('\n');
}

function summary(findings: readonly Finding[]): string {
  const count = (mark: Mark) => findings.filter((finding) => finding.mark === mark).length;
  const warnings = count('warn');
  const told = warnings === 1 ? '1 warning' : `${warnings} warnings`;
  const wrong = count('wrong');
  if (wrong > 0) return `${wrong} wrong, ${told}.`;
  return warnings > 0 ? `Nothing is wrong; ${told}.` : 'Nothing is wrong.';
}

/** Why a part did not do what was asked, without what it was asked: drivers print that too. */
export function reasonOf(error: unknown): string {
  if (error instanceof Fault) return plain(error.message.replace(`${error.part}: `, ''));
  const { code, name } = error as { code?: unknown; name?: unknown };
  return plain(String(code ?? name ?? 'no answer'));
}

const MEANINGS: [RegExp, string][] = [
  [/ECONNREFUSED/, 'nothing listens there'],
  [/ENOTFOUND|EAI_AGAIN/, 'there is no host of that name'],
  [/HTTP status 40[13]|NOAUTH|WRONGPASS|SMTP 535/, 'the password or token is not the right one'],
  [/NOPERM/, 'this user may not do that'],
];

function plain(reason: string): string {
  const meaning = MEANINGS.find(([pattern]) => pattern.test(reason))?.[1];
  return meaning === undefined ? reason : `${meaning} (${reason})`;
}
