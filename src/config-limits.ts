import type { Growth } from './limits/tries.ts';
import type { SettingName } from './setting-names.ts';
import { growth, type Rate, rate, type Settings } from './settings.ts';
import { hours, type Milliseconds, minutes, seconds } from './time.ts';

/** How often something may happen in a window; see `docs/security.md`. */
export interface LimitConfig {
  /** Failed logins, per client address. */
  loginAddress: Rate;
  /** Failed logins in a row, per account. */
  loginAccount: Growth;
  /** Accounts made or asked for, per client address. */
  register: Rate;
  /** Sessions that visitors start, per client address. */
  anonymous: Rate;
  /** Resets asked for, per account and per client address. */
  forgotAccount: Rate;
  forgotAddress: Rate;
  /** Mail to one recipient, and mail that one signed-in user asks for. */
  mail: Rate;
  /** Links that do not work, per client address. */
  token: Rate;
  /** Wrong passwords of somebody signed in, per session. */
  password: Rate;
  /** Unsafe requests, per session; four times as many per user. */
  writes: Rate;
}

/** On a developer's machine everybody has one address. */
const GENEROUS = 100;

/**
 * @param local The service is for this machine alone, so its defaults for addresses are generous, and
 * a login waits for a minute at most.
 */
export function parseLimits(settings: Settings, local: boolean): LimitConfig {
  const rates = (name: SettingName, count: number, window: Milliseconds) =>
    settings.get(name, { count, window }, rate);
  const addressRates = (name: SettingName, count: number, window: Milliseconds) =>
    rates(name, local ? count * GENEROUS : count, window);
  const slowly = { free: 5, first: seconds(30), longest: local ? minutes(1) : hours(1) };
  return {
    loginAccount: settings.get('LIMIT_LOGIN_ACCOUNT', slowly, growth),
    loginAddress: addressRates('LIMIT_LOGIN_ADDRESS', 10, minutes(10)),
    register: addressRates('LIMIT_REGISTER', 60, hours(1)),
    anonymous: addressRates('LIMIT_ANONYMOUS', 30, hours(1)),
    forgotAccount: rates('LIMIT_FORGOT_ACCOUNT', 3, hours(1)),
    forgotAddress: addressRates('LIMIT_FORGOT_ADDRESS', 10, hours(1)),
    mail: rates('LIMIT_MAIL', 3, hours(1)),
    token: addressRates('LIMIT_TOKEN', 20, minutes(10)),
    password: rates('LIMIT_PASSWORD', 5, minutes(10)),
    writes: rates('LIMIT_WRITES', 300, minutes(10)),
  };
}
