import { createLogin, type Login } from './accounts/login.ts';
import { createRegister, type Register } from './accounts/register.ts';
import { createUsers } from './accounts/users.ts';
import type { Config } from './config.ts';
import type { Database } from './db/client.ts';
import type { Origins } from './http/cross-site.ts';
import { createLimits } from './limits/limits.ts';
import type { Log } from './log.ts';
import type { Gate } from './passwords/gate.ts';
import { type Bcrypt, createPasswords } from './passwords/passwords.ts';
import type { RedisClient } from './redis/client.ts';
import { createSessionCookie, type SessionCookie } from './session/cookie.ts';
import { createExpiry, type Expiry } from './session/expiry.ts';
import { createReader } from './session/reader.ts';
import { createSaving } from './session/saving.ts';
import { createSessions, type Sessions } from './session/sessions.ts';
import { createTokens, type Tokens } from './session/token.ts';
import type { Clock } from './time.ts';

/** What differs from one platform to the next, and in tests. */
export interface Platform {
  redis: RedisClient;
  database: Database;
  bcrypt: Bcrypt;
  gate: Gate;
  clock: Clock;
  log: Log;
}

export interface Services {
  config: Config;
  origins: Origins;
  redis: RedisClient;
  database: Database;
  clock: Clock;
  log: Log;
  tokens: Tokens;
  cookie: SessionCookie;
  expiry: Expiry;
  sessions: Sessions;
  login: Login;
  register: Register;
}

/** The composition root: the only place where parts are put together. */
export function createServices(config: Config, platform: Platform): Services {
  const { redis, database, bcrypt, gate, clock, log } = platform;
  const users = createUsers(database);
  const passwords = createPasswords({ bcrypt, gate, cost: config.bcryptCost });
  const policy = { minLength: config.passwordMinLength };
  const failures = createLimits(redis, 'login', config.limitLoginAddress);

  const tokens = createTokens(config.sessionSecrets);
  const expiry = createExpiry(config.plain, config.remembered);
  const read = createReader({ redis, users, clock, expiry });
  const maxPerUser = config.sessionMaxPerUser;
  const saving = createSaving({ redis, clock, expiry });
  const sessions = createSessions({ redis, tokens, read, saving, clock, expiry, maxPerUser });

  return {
    config,
    origins: { base: config.baseUrl, trusted: config.trustedOrigins },
    redis,
    database,
    clock,
    log,
    tokens,
    cookie: createSessionCookie({ secure: config.secure }),
    expiry,
    sessions,
    login: createLogin({ users, passwords, sessions, failures }),
    register: createRegister({ users, passwords, policy, sessions, clock, log }),
  };
}
