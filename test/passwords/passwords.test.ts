import { describe, expect, it } from 'vitest';
import { type Gate, openGate } from '../../src/passwords/gate.ts';
import { type Bcrypt, createPasswords } from '../../src/passwords/passwords.ts';
import { runtime } from '../support/runtime.ts';

/** `password`, as Python's passlib stores it at cost 12 (from its documentation). */
const PASSLIB =
  '$bcrypt-sha256$v=2,t=2b,r=12$n79VH.0Q2TMWmt3Oqt9uku$Kq4Noyk3094Y2QlB8NdRT8SvGiI4ft2';

/** `password`, as PHP and others store it. */
const PLAIN = '7Mj1fG3bdlpmRcXtZpwimOI4pItCQcj5x2.ZqydPbR5wWlKGVaQVe';

/** Passwords at the lowest cost, and what bcrypt was asked. */
function open(cost = 4) {
  const settings: string[] = [];
  const bcrypt: Bcrypt = (input, wanted) => {
    settings.push(wanted);
    return runtime.bcrypt(input, wanted);
  };
  const passwords = createPasswords({ bcrypt, gate: openGate, cost });
  return {
    ...passwords,
    /** How often and at which costs bcrypt ran since the last call. */
    costs: () => settings.splice(0).map((wanted) => Number(wanted.slice(4, 6))),
    async stored(password: string): Promise<string> {
      const hashed = await passwords.hash(password, []);
      if (!hashed.ok) throw new Error(hashed.code);
      return hashed.hash;
    },
    async matches(password: string, stored: string | null): Promise<boolean> {
      const verified = await passwords.verify(password, stored, []);
      if (!verified.ok) throw new Error(verified.code);
      return verified.matches;
    },
  };
}

describe('a hash', () => {
  it('is of the public format, at the configured cost, with a salt of its own', async () => {
    const { stored, costs } = open(5);
    const hashes = [await stored('password'), await stored('password')];
    for (const hash of hashes) {
      expect(hash).toMatch(
        /^\$bcrypt-sha256\$v=2,t=2b,r=5\$[./A-Za-z0-9]{21}[.Oeu]\$[./A-Za-z0-9]{31}$/,
      );
      expect(hash).not.toContain('password');
    }
    const salts = hashes.map((hash) => hash.split('$')[3]);
    expect(new Set(salts).size).toBe(2);
    expect(costs()).toEqual([5, 5]);
  });

  it('is matched by its password alone, and is then up to date', async () => {
    const { stored, verify, matches } = open();
    const hash = await stored('correct horse');
    expect(await verify('correct horse', hash, [])).toEqual({
      ok: true,
      matches: true,
      outdated: false,
    });
    for (const wrong of ['', 'correct hors', 'correct horse ', 'Correct horse', hash]) {
      expect(await matches(wrong, hash)).toBe(false);
    }
  });

  it('of passlib is matched, and outdated only by a higher cost', async () => {
    expect(await open(12).verify('password', PASSLIB, [])).toEqual({
      ok: true,
      matches: true,
      outdated: false,
    });
    expect(await open(13).verify('password', PASSLIB, [])).toMatchObject({
      matches: true,
      outdated: true,
    });
    expect(await open(4).verify('passwore', PASSLIB, [])).toMatchObject({
      matches: false,
      outdated: false,
    });
  });

  it.each(['2a', '2b', '2y'])(
    'of the plain form $%s$ is matched, and always outdated',
    async (version) => {
      const { verify, matches } = open(12);
      const stored = `$${version}$12$${PLAIN}`;
      expect(await verify('password', stored, [])).toEqual({
        ok: true,
        matches: true,
        outdated: true,
      });
      expect(await matches('passwore', stored)).toBe(false);
    },
  );
});

describe('all of a password counts', () => {
  const A72 = 'a'.repeat(72);
  it.each([
    ['byte 73', `${A72}x`, `${A72}y`],
    ['what follows byte 72', A72, `${A72}a`],
    ['byte 256', `${'a'.repeat(255)}x`, `${'a'.repeat(255)}y`],
    ['what follows a NUL', 'secret\0one', 'secret\0two'],
    ['a NUL at the end', 'secret', 'secret\0'],
    ['a NUL at the start', '\0one', '\0two'],
    ['the last of 64 emoji', '👍'.repeat(64), `${'👍'.repeat(63)}👎`],
    ['case', 'Password', 'password'],
    ['white space around it', ' password', 'password'],
    ['the width of letters', 'ｐassword', 'password'],
  ])('%s', async (_, password, other) => {
    const { stored, matches } = open();
    const hash = await stored(password);
    expect(await matches(password, hash)).toBe(true);
    expect(await matches(other, hash)).toBe(false);
    expect(await matches(password, await stored(other))).toBe(false);
  });

  it('but not how its accents were typed', async () => {
    const { stored, matches } = open();
    const [composed, decomposed] = ['Zo\u00eb \u00c5', 'Zoe\u0308 A\u030a'];
    expect(await matches(decomposed, await stored(composed))).toBe(true);
    expect(await matches(composed, await stored(decomposed))).toBe(true);
    expect(await matches('Zoe A', await stored(composed))).toBe(false);
  });
});

describe('a password of another system, whose accents were hashed as they were typed', () => {
  const [composed, decomposed] = ['Zo\u00eb \u00c5', 'Zoe\u0308 A\u030a'];
  const foreign = (password: string) => runtime.bcrypt(password, '$2b$04$abcdefghijklmnopqrstuu');

  it('signs in as it was typed, and is stored afresh so that it then does in any way', async () => {
    const { verify, stored, matches } = open();
    const hash = await foreign(decomposed);
    expect(await verify(decomposed, hash, [])).toEqual({ ok: true, matches: true, outdated: true });
    expect(await matches(composed, hash)).toBe(false);
    expect(await matches(composed, await stored(decomposed))).toBe(true);
    expect(await matches(decomposed, await foreign(composed))).toBe(true);
  });

  it('takes one turn of the queue, and the same work for every account', async () => {
    let turns = 0;
    const costs: string[] = [];
    const gate: Gate = {
      run: (work) => {
        turns += 1;
        return work();
      },
    };
    const bcrypt: Bcrypt = (input, settings) => {
      costs.push(settings.slice(4, 6));
      return runtime.bcrypt(input, settings);
    };
    const { verify, hash } = createPasswords({ bcrypt, gate, cost: 5 });
    const own = await hash('something else', []);
    const hashes = [null, 'corrupt', await foreign('something else'), own.ok ? own.hash : ''];
    costs.length = 0;
    turns = 0;
    const work = [];
    for (const stored of hashes) {
      expect(await verify(decomposed, stored, [])).toMatchObject({ matches: false });
      work.push(costs.splice(0).reduce((sum, cost) => sum + 2 ** Number(cost), 0));
    }
    expect(work).toEqual([64, 64, 64, 64]);
    expect(turns).toBe(hashes.length);
  });
});

describe('the work of one bcrypt of the right cost is spent', () => {
  const plain = (password: string) => runtime.bcrypt(password, '$2b$04$abcdefghijklmnopqrstuu');

  it('on a match, at the cost of the hash, and on a mismatch, in pieces where that is lower', async () => {
    const cheap = await open(4).stored('password');
    const { verify, costs } = open(6);
    expect(await verify('password', cheap, [])).toMatchObject({ matches: true, outdated: true });
    expect(costs()).toEqual([4]);
    // 2^4 + 2^4 + 2^5 = 2^6
    expect(await verify('wrong', cheap, [])).toMatchObject({ matches: false });
    expect(costs()).toEqual([4, 4, 5]);
    expect(await verify('wrong', await plain('password'), [])).toMatchObject({ matches: false });
    expect(costs()).toEqual([4, 4, 5]);
    expect(await verify('password', await plain('password'), [])).toMatchObject({ matches: true });
    expect(costs()).toEqual([4]);
  });

  it('as far as there is time for it: a wrong password is wrong, and never a try that was none', async () => {
    const cheap = await open(4).stored('password');
    let places = 1;
    const gate: Gate = {
      run: async (work) => {
        places -= 1;
        return places < 0 ? null : work();
      },
    };
    const passwords = createPasswords({ bcrypt: runtime.bcrypt, gate, cost: 6 });
    expect(await passwords.verify('wrong', cheap, [])).toMatchObject({ ok: true, matches: false });
    expect(await passwords.verify('wrong', cheap, [])).toMatchObject({ code: 'overloaded' });
  });

  it('on a plain hash and a password with a NUL, which does not match', async () => {
    const { matches, costs } = open(6);
    const stored = await plain('secret');
    expect(await matches('secret', stored)).toBe(true);
    expect(costs()).toEqual([4]);
    for (const typed of ['secret\0', 'secret\0anything', '\0secret', '\0']) {
      expect(await matches(typed, stored)).toBe(false);
      expect(costs()).toHaveLength(1);
    }
    const ofNothing = await plain('');
    expect(await matches('\0anything', ofNothing)).toBe(false);
    expect(costs()).toHaveLength(1);
  });

  const [salt, digest] = ['abcdefghijklmnopqrstuu', 'A'.repeat(31)];
  it.each([
    ['an unknown user', null],
    ['nothing', ''],
    ['text', 'password'],
    ['a hash of another kind', '$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA'],
    ['a truncated hash', PASSLIB.slice(0, -1)],
    ['a truncated plain hash', `$2b$12$${PLAIN}`.slice(0, -1)],
    ['a plain hash without an end', '$2b$12$'],
    ['a hash with more behind it', `${PASSLIB}A`],
    ['a hash with a line break behind it', `${PASSLIB}\n`],
    ['a plain hash with a line break behind it', `$2b$12$${PLAIN}\n`],
    ['version 1 of the format', PASSLIB.replace('v=2', 'v=1')],
    ['a bcrypt of the broken kind 2x', `$2x$12$${PLAIN}`],
    ['cost 3', `$2b$03$${salt}${digest}`],
    ['cost 32', `$2b$32$${salt}${digest}`],
    ['cost 99', `$2b$99$${salt}${digest}`],
    ['cost 3 in the own format', `$bcrypt-sha256$v=2,t=2b,r=3$${salt}$${digest}`],
    ['cost 32 in the own format', `$bcrypt-sha256$v=2,t=2b,r=32$${salt}$${digest}`],
    ['a salt that is not canonical', `$2b$04$abcdefghijklmnopqrstuv${digest}`],
    ['such a salt in the own format', PASSLIB.replace('9uku$', '9ukv$')],
    ['a salt with foreign characters', `$2b$04$abcdefghijklmnopqrs-uu${digest}`],
  ])('on %s, at the configured cost, and nothing matches', async (_, stored) => {
    const { matches, costs } = open(5);
    expect(await matches('password', stored)).toBe(false);
    expect(costs()).toEqual([5]);
  });
});
