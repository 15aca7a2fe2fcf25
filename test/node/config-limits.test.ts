import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { days, hours, minutes, seconds } from '../../src/time.ts';
import { refusalOf } from '../support/settings.ts';

const limitsOf = (env: Record<string, unknown> = {}) => parseConfig(env, 'node').limits;

/** The settings of so many in a window, and what they are in the configuration. */
const RATES = {
  LIMIT_LOGIN_ADDRESS: 'loginAddress',
  LIMIT_REGISTER: 'register',
  LIMIT_ANONYMOUS: 'anonymous',
  LIMIT_FORGOT_ACCOUNT: 'forgotAccount',
  LIMIT_FORGOT_ADDRESS: 'forgotAddress',
  LIMIT_MAIL: 'mail',
  LIMIT_TOKEN: 'token',
  LIMIT_PASSWORD: 'password',
  LIMIT_WRITES: 'writes',
};

function expectRefused(name: string, text: string): void {
  const message = refusalOf(() => limitsOf({ [name]: text }));
  expect(message).toMatch(new RegExp(`^${name}: [^\n]{10,150}$`));
}

describe.each(Object.entries(RATES))('%s', (name, key) => {
  it.each([
    ['7/30s', 7, seconds(30)],
    [' 1/400d ', 1, days(400)],
  ])('may be %j', (text, count, window) => {
    expect(limitsOf({ [name]: text })).toEqual({ ...limitsOf(), [key]: { count, window } });
  });

  it.each(['10', '0/10m', '10/0m', '10/10', '-1/1h', '10/401d', '1/2/3h', '10 / 10m', '5/30s..1h'])(
    'can not be %j, as one line says',
    (text) => expectRefused(name, text),
  );

  it.each(['', ' \t '])('is its default where it is %j', (text) => {
    expect(limitsOf({ [name]: text })).toEqual(limitsOf());
  });
});

describe('LIMIT_LOGIN_ACCOUNT', () => {
  const NAME = 'LIMIT_LOGIN_ACCOUNT';

  it.each([
    ['5/30s..1h', { free: 5, first: seconds(30), longest: hours(1) }],
    ['1/1s..1s', { free: 1, first: seconds(1), longest: seconds(1) }],
    [' 1000/2m..400d ', { free: 1000, first: minutes(2), longest: days(400) }],
  ])('may be %j', (text, loginAccount) => {
    expect(limitsOf({ [NAME]: text })).toEqual({ ...limitsOf(), loginAccount });
  });

  it.each([
    ...['5', '5/30s', '5/30s..', '5/..1h', '/30s..1h', '0/30s..1h', '-1/30s..1h', '1.5/30s..1h'],
    ...['5/30s.1h', '5/30s...1h', '5/30..1h', '5/0s..1h', '5/1h..30s', '5/30s..401d', '5/30s-1h'],
    ...[
      '5/30s..1h..2h',
      '5 / 30s..1h',
      '5/30s .. 1h',
      '9999999999/30s..1h',
      '5/30s..1h\n'.repeat(2),
    ],
  ])('can not be %j, as one line says', (text) => expectRefused(NAME, text));

  it.each(['', ' \t '])('is its default where it is %j', (text) => {
    expect(limitsOf({ [NAME]: text })).toEqual(limitsOf());
  });
});
