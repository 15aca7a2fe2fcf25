import { SUBJECTS } from './subjects.mjs';

export const decimals = (digits) => (number) => number.toFixed(digits);
export const count = (number) => Math.round(number).toLocaleString('en-US');
export const milliseconds = (number) => `${number < 100 ? number.toFixed(1) : count(number)} ms`;

/** CPU of one request, where a server uses such a share of a core at such a rate. */
export const share = (cpu, rate) => `${((cpu / rate) * 1e6).toFixed(1)} µs`;

/**
 * One figure. `goal` bounds the ratio to what it is compared `against` (`least`, `most`), or the
 * figure itself (`atMost`). Without a goal it is for information.
 */
export function row({ figure, ours, other, against, goal = {}, as }) {
  const ratio = other === undefined ? null : ours / other;
  const { least, most, atMost } = goal;
  const bound = least ?? most ?? atMost;
  return {
    figure,
    ours: as(ours),
    against: against === undefined ? '' : (SUBJECTS[against]?.label ?? against),
    other: other === undefined ? '' : as(other),
    ratio: ratio === null ? '' : short(ratio),
    goal: bound === undefined ? '' : goalText(goal, as),
    met: bound === undefined ? null : isMet(goal, ours, ratio),
  };
}

function isMet({ least, most, atMost }, ours, ratio) {
  if (atMost !== undefined) return ours <= atMost;
  // Somebody who answered nothing at all is nobody to be compared with.
  if (!Number.isFinite(ratio)) return false;
  return least !== undefined ? ratio >= least : ratio <= most;
}

function goalText({ least, most, atMost }, as) {
  if (least !== undefined) return `≥ ${short(least)} ×`;
  if (most === undefined) return `≤ ${as(atMost)}`;
  return most < 1 && Number.isInteger(1 / most) ? `≤ 1/${1 / most}` : `≤ ${short(most)} ×`;
}

const short = (number) => String(Number(number.toPrecision(number < 0.1 ? 2 : 3)));

const HEAD = ['figure', 'Gatehouse', 'compared with', 'its value', 'ratio', 'goal', 'reached'];

/** The figures as a table in Markdown. */
export function figureTable(rows) {
  const reached = { true: 'yes', false: '**no**', null: '' };
  const lines = rows.map(({ figure, ours, against, other, ratio, goal, met }) => [
    figure,
    ours,
    against,
    other,
    ratio,
    goal,
    reached[met],
  ]);
  return markdown(HEAD, lines);
}

/** Aligned, so that it reads well in a terminal too. */
export function markdown(head, lines) {
  const all = [head, ...lines].map((line) => line.map(String));
  const widths = head.map((_, i) => Math.max(3, ...all.map((line) => line[i].length)));
  const text = (line) => `| ${line.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [text(all[0]), rule, ...all.slice(1).map(text)].join('\n');
}
