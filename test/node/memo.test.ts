import { describe, expect, it } from 'vitest';
import { createMemo } from '../../src/memo.ts';

describe('a memo', () => {
  /** What was asked again of the function behind it. */
  function counting(size: number) {
    const memo = createMemo<string>(size);
    const worked: string[] = [];
    const ask = (text: string) =>
      memo.get(text, () => {
        worked.push(text);
        return text === 'nothing' ? null : text.toUpperCase();
      });
    return { ask, worked };
  }

  it('works the latest out once', () => {
    const { ask, worked } = counting(2);
    expect(['a', 'b', 'a', 'b'].map(ask)).toEqual(['A', 'B', 'A', 'B']);
    expect(worked).toEqual(['a', 'b']);
  });

  it('keeps what is asked for again and again, whatever else is', () => {
    const { ask, worked } = counting(2);
    for (let i = 0; i < 100; i += 1) {
      ask('often');
      ask(`once ${i}`);
    }
    expect(worked.filter((text) => text === 'often')).toHaveLength(1);
  });

  it('forgets what was not asked for any more', () => {
    const { ask, worked } = counting(2);
    for (const text of ['a', 'b', 'c', 'd', 'e', 'a']) ask(text);
    expect(worked.filter((text) => text === 'a')).toHaveLength(2);
  });

  it('answers what nobody can change for the others', () => {
    const memo = createMemo<{ roles: string[] }>(2);
    const answer = memo.get('a', () => ({ roles: ['user'] }));
    expect(() => answer?.roles.push('admin')).toThrow(TypeError);
    expect(memo.get('a', () => null)).toEqual({ roles: ['user'] });
  });

  it('does not remember long texts, so that what it keeps stays small', () => {
    const { ask, worked } = counting(2);
    const [longest, longer] = ['x'.repeat(1000), 'x'.repeat(1001)];
    for (const text of [longest, longest, longer, longer]) ask(text);
    expect(worked).toEqual([longest, longer, longer]);
  });

  it('does not remember that there is nothing', () => {
    const { ask, worked } = counting(2);
    expect([ask('nothing'), ask('nothing')]).toEqual([null, null]);
    expect(worked).toHaveLength(2);
  });
});
