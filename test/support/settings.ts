import { expect } from 'vitest';
import { SettingError } from '../../src/settings.ts';

/** The line that a wrong setting stops the program with. */
export function refusalOf(parse: () => unknown): string {
  let accepted: unknown;
  try {
    accepted = parse();
  } catch (error) {
    expect(error).toBeInstanceOf(SettingError);
    return (error as SettingError).message;
  }
  throw new Error(`accepted: ${JSON.stringify(accepted)}`);
}
