import { spawnSync } from 'node:child_process';

/**
 * False where there is no such program, after saying what is left out. In CI that is an error.
 *
 * @param ask What makes the program say its version, and end.
 */
export function hasProgram(name: string, remedy: string, ask = '--version'): boolean {
  if (spawnSync(name, [ask]).status === 0) return true;
  const note = `There is no ${name}, so what needs it is not shown (${remedy}).`;
  if (process.env.CI) throw new Error(note);
  console.warn(`SKIPPED: ${note}`);
  return false;
}
