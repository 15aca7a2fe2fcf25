import { type Administration, createAdministration } from './accounts/administration.ts';
import { type ChangePassword, createChangePassword } from './accounts/change-password.ts';
import { createDeleteAccount, type DeleteAccount } from './accounts/delete-account.ts';
import { createLogin, type Login } from './accounts/login.ts';
import { type ChangeProfile, createChangeProfile } from './accounts/profile.ts';
import { createProve } from './accounts/proof.ts';
import { createReauthenticate, type Reauthenticate } from './accounts/reauthenticate.ts';
import { createRegister, type Register } from './accounts/register.ts';
import { createRevocation, type Revocation } from './accounts/revocation.ts';
import { createUserChanges } from './accounts/user-changes.ts';
import { createUsers, type Users } from './accounts/users.ts';
import type { Config } from './config.ts';
import type { Database } from './db/client.ts';
import type { Origins } from './http/cross-site.ts';
import { createLimits, type Limits } from './limits/limits.ts';
import type { Log } from './log.ts';
import type { Gate } from './passwords/gate.ts';
import { type Bcrypt, createPasswords } from './passwords/passwords.ts';
import type { RedisClient } from './redis/client.ts';
import { createSessionCookie, type SessionCookie } from './session/cookie.ts';
import { createExpiry, type Expiry } from './session/expiry.ts';
import { createKeepData } from './session/kept-data.ts';
import { createOwnedSessions, type OwnedSessions } from './session/owned-sessions.ts';
import { createReader } from './session/reader.ts';
import { createSaving } from './session/saving.ts';
import { createSessions, type Sessions } from './session/sessions.ts';
import { createTokens, type Tokens } from './session/token.ts';
import type { Clock } from './time.ts';

/** What differs from one platform to the next, and in tests. */
export interface Ports {
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
  users: Users;
  owned: OwnedSessions;
  anonymousLimit: Limits;
  login: Login;
  register: Register;
  reauthenticate: Reauthenticate;
  changePassword: ChangePassword;
  deleteAccount: DeleteAccount;
  changeProfile: ChangeProfile;
  revocation: Revocation;
  administration: Administration;
}

/** The composition root: the only place where parts are put together. */
export function createServices(config: Config, ports: Ports): Services {
  const { redis, database, bcrypt, gate, clock, log } = ports;
  const users = createUsers(database);
  const passwords = createPasswords({ bcrypt, gate, cost: config.bcryptCost });
  const policy = { minLength: config.passwordMinLength };

  const tokens = createTokens(config.sessionSecrets);
  const expiry = createExpiry(config.plain, config.remembered);
  const read = createReader({ redis, users, clock, expiry });
  const maxPerUser = config.sessionMaxPerUser;
  const saving = createSaving({ redis, clock, expiry });
  const sessions = createSessions({ redis, tokens, read, saving, clock, expiry, maxPerUser });

  const keepData = createKeepData(read, config.sessionKeepOnLogin);
  const owned = createOwnedSessions({ redis, clock, expiry, log });
  const changes = createUserChanges(redis);

  const failures = createLimits(redis, 'login', config.limitLoginAddress);
  const wrongPasswords = createLimits(redis, 'password', config.limitPassword);
  const prove = createProve({ users, passwords, failures: wrongPasswords });
  return {
    config,
    origins: { base: config.baseUrl, trusted: config.trustedOrigins },
    redis,
    database,
    clock,
    log,
    tokens,
    cookie: createSessionCookie({ secure: config.secure, domain: config.cookieDomain }),
    expiry,
    sessions,
    users,
    owned,
    anonymousLimit: createLimits(redis, 'anonymous', config.limitAnonymous),
    login: createLogin({ users, passwords, sessions, failures, keepData }),
    register: createRegister({ users, passwords, policy, sessions, keepData, clock, log }),
    reauthenticate: createReauthenticate(prove, sessions),
    changePassword: createChangePassword({
      users,
      changes,
      passwords,
      policy,
      prove,
      sessions,
    }),
    deleteAccount: createDeleteAccount({ users, changes, prove, owned }),
    changeProfile: createChangeProfile(users, changes),
    revocation: createRevocation({ users, changes, owned, saving }),
    administration: createAdministration(users, changes),
  };
}
