import { expect } from 'vitest';

/** undefined: refused, by an error for people. */
export function read<T>(parse: (text: string) => T, text: string): T | undefined {
  try {
    return parse(text);
  } catch (error) {
    expect((error as Error).constructor).toBe(Error);
    expect((error as Error).message).toMatch(/\w+ \w+/);
    return undefined;
  }
}
