import { createDeleteAccount, type DeleteAccount } from './accounts/account-deletion.ts';
import { createRequestAccount, type RequestAccount } from './accounts/account-request.ts';
import { createAccountTries } from './accounts/account-tries.ts';
import { type Administration, createAdministration } from './accounts/administration.ts';
import { createDevices, DEVICE_REMEMBERED, type Devices } from './accounts/devices.ts';
import { createEmailChange, type EmailChange } from './accounts/email-change.ts';
import { createKnownDevices, type KnownDevices } from './accounts/known-device.ts';
import { createLetters } from './accounts/letters.ts';
import { createLinkOwner } from './accounts/link-owner.ts';
import { createLogin, type Login } from './accounts/login.ts';
import { createLogout, type Logout } from './accounts/logout.ts';
import { type ChangePassword, createChangePassword } from './accounts/password-change.ts';
import { createPasswordReset, type PasswordReset } from './accounts/password-reset.ts';
import { type ChangeProfile, createChangeProfile } from './accounts/profile.ts';
import { createProve } from './accounts/proof.ts';
import { createProofTries } from './accounts/proof-tries.ts';
import { createReauthenticate, type Reauthenticate } from './accounts/reauthentication.ts';
import { createRegister, type Register } from './accounts/registration.ts';
import { createRegistrationCheck, type RegistrationCheck } from './accounts/registration-check.ts';
import { createRepetitions, type Repetitions } from './accounts/repetition.ts';
import { createRevocation, type Revocation } from './accounts/revocation.ts';
import { createSessionHashes } from './accounts/session-hashes.ts';
import { createUserChanges } from './accounts/user-changes.ts';
import { createBackground, type KeepAlive } from './background.ts';
import type { Config } from './config.ts';
import type { Database } from './db/client.ts';
import { createTables } from './db/tables.ts';
import { createEvents, type Events } from './events/events.ts';
import type { Origins } from './http/cross-site.ts';
import { createLimits, type Limits } from './limits/limits.ts';
import type { Log } from './log.ts';
import { leadsHere } from './loopback.ts';
import { createDelivery, type Delivery } from './mail/delivery.ts';
import type { Mailer } from './mail/mailer.ts';
import { createPost } from './mail/post.ts';
import { createBreached } from './passwords/breach.ts';
import type { Gate } from './passwords/gate.ts';
import { type Bcrypt, createPasswords } from './passwords/passwords.ts';
import { createPasswordPolicy, type PasswordPolicy } from './passwords/policy.ts';
import type { RedisClient } from './redis/client.ts';
import { createDeviceCookie, createSessionCookie, type SessionCookie } from './session/cookie.ts';
import { createExpiry, type Expiry } from './session/expiry.ts';
import { createKeepData } from './session/kept-data.ts';
import { createOwnedSessions, type OwnedSessions } from './session/owned-sessions.ts';
import { createReader } from './session/reader.ts';
import { createSaving } from './session/saving.ts';
import { createSessions, type Sessions } from './session/sessions.ts';
import { createTokens, type Tokens } from './session/token.ts';
import type { InTurn } from './session/write-turns.ts';
import type { Rate } from './settings.ts';
import { countedDatabase, countedRedis } from './tally.ts';
import { type Clock, minutes } from './time.ts';
import { createLinkAddress } from './users/link-address.ts';
import { createLookUpLink } from './users/link-lookup.ts';
import { createIssueLink, linkLifetime } from './users/link-tokens.ts';
import type { Users } from './users/users.ts';

/** What differs from one platform to the next, and in tests. */
export interface Ports {
  redis: RedisClient;
  database: Database;
  bcrypt: Bcrypt;
  gate: Gate;
  /** null: this service sends no mail. */
  mailer: Mailer | null;
  keepAlive: KeepAlive;
  /** How the writers of one session follow each other. Absent: all at once. */
  inTurn?: InTurn;
  /** Waits for more security events to write with one. Absent: each is written by itself. */
  gatherEvents?: () => Promise<void>;
  /** A request may wait for what another one asked for. Absent: never, as in workerd. */
  sharesWork?: boolean;
  clock: Clock;
  log: Log;
}

export interface Services {
  config: Config;
  origins: Origins;
  redis: RedisClient;
  database: Database;
  /** A request may wait for what another one asked for. */
  sharesWork: boolean;
  clock: Clock;
  log: Log;
  tokens: Tokens;
  cookie: SessionCookie;
  deviceCookie: SessionCookie;
  knownDevices: KnownDevices;
  devices: Devices;
  expiry: Expiry;
  sessions: Sessions;
  users: Users;
  owned: OwnedSessions;
  anonymousLimit: Limits;
  writeLimit: Limits;
  endingLimit: Limits;
  login: Login;
  repetitions: Repetitions;
  logout: Logout;
  /** What a new password has to be. */
  policy: PasswordPolicy;
  register: Register;
  registrationCheck: RegistrationCheck;
  requestAccount: RequestAccount;
  passwordReset: PasswordReset;
  /** What links that lead to a page are for. */
  lookUpLink: ReturnType<typeof createLookUpLink>;
  emailChange: EmailChange;
  reauthenticate: Reauthenticate;
  changePassword: ChangePassword;
  deleteAccount: DeleteAccount;
  changeProfile: ChangeProfile;
  revocation: Revocation;
  administration: Administration;
  events: Events;
  /** null: this service sends no mail. */
  delivery: Delivery | null;
  /** Drops what is past its time. */
  prune(): Promise<void>;
}

/** How often one session may end sessions and devices; nobody does so by hand. */
const ENDINGS: Rate = { count: 300, window: minutes(10) };

/** The composition root: the only place where parts are put together. */
export function createServices(config: Config, ports: Ports): Services {
  const { bcrypt, gate, mailer, keepAlive, clock, log } = ports;
  const redis = countedRedis(ports.redis);
  const database = countedDatabase(ports.database);
  const tables = createTables(database);
  const { users, links } = tables;
  const passwords = createPasswords({ bcrypt, gate, cost: config.bcryptCost });
  const policy = createPasswordPolicy({
    minLength: config.passwordMinLength,
    appName: config.appName,
    breached: config.passwordBreachCheck ? createBreached() : null,
    log,
  });

  const tokens = createTokens(config.sessionSecrets);
  const expiry = createExpiry(config.plain, config.remembered);
  const read = createReader({ redis, users, clock, expiry });
  const maxPerUser = config.sessionMaxPerUser;
  const saving = createSaving({ redis, clock, expiry, inTurn: ports.inTurn });
  const sessions = createSessions({ redis, tokens, read, saving, clock, expiry, maxPerUser });

  const keepData = createKeepData(read, config.sessionKeepOnLogin);
  const owned = createOwnedSessions({ redis, clock, expiry });
  const changes = createUserChanges(redis);

  // Who runs it on their own machine is told what to change; nobody else learns the settings.
  const named = (setting: string) => (leadsHere(config.baseUrl) ? setting : undefined);
  const limit = (name: string, rate: Rate, setting: string) =>
    createLimits(redis, { name, rate, setting: named(setting) });
  const { limits: rates } = config;
  const limits = {
    login: limit('login', rates.loginAddress, 'LIMIT_LOGIN_ADDRESS'),
    register: limit('register', rates.register, 'LIMIT_REGISTER'),
    anonymous: limit('anonymous', rates.anonymous, 'LIMIT_ANONYMOUS'),
    forgotAccount: limit('forgot-account', rates.forgotAccount, 'LIMIT_FORGOT_ACCOUNT'),
    forgotAddress: limit('forgot-address', rates.forgotAddress, 'LIMIT_FORGOT_ADDRESS'),
    mail: limit('mail', rates.mail, 'LIMIT_MAIL'),
    reset: limit('mail-reset', { ...rates.mail, count: 1 }, 'LIMIT_MAIL'),
    mailAsked: limit('mail-asked', rates.mail, 'LIMIT_MAIL'),
    token: limit('token', rates.token, 'LIMIT_TOKEN'),
    writes: limit('writes', rates.writes, 'LIMIT_WRITES'),
    endings: createLimits(redis, { name: 'endings', rate: ENDINGS }),
  };

  const scope = { stem: config.cookieName, secure: config.secure, mode: config.cookieMode };
  const knownDevices = createKnownDevices(config.sessionSecrets);
  const tries = createAccountTries(redis, rates.loginAccount, named('LIMIT_LOGIN_ACCOUNT'));

  const background = createBackground(keepAlive, log);
  const events = createEvents({
    store: tables.events,
    background,
    clock,
    gather: ports.gatherEvents,
  });
  const devices = createDevices({ table: tables.devices, known: knownDevices, events, clock, log });
  const [signingSecret = ''] = config.sessionSecrets;
  const issueLink = createIssueLink(links, clock, signingSecret, (purpose) =>
    linkLifetime(purpose, { forgot: rates.forgotAccount.window, mail: rates.mail.window }),
  );
  const { linksUrl } = config;
  const linkAddress = createLinkAddress(linksUrl);
  const compose = createLetters({ users, issueLink, linkAddress, linksUrl });
  const { appName } = config;
  const sending = {
    queue: tables.mailQueue,
    compose,
    limit: limits.mail,
    resetLimit: limits.reset,
  };
  const delivery =
    mailer && createDelivery({ ...sending, mailer, events, background, clock, log, appName });
  // Without a transport of its own, mail of a server that others reach stays in its outbox.
  const staysHere = config.mail.kind === 'outbox' && !leadsHere(config.baseUrl);
  const mailArrives = mailer !== null && !staysHere;
  const post = createPost(tables.mailQueue, delivery, clock);

  const sessionHash = createSessionHashes(redis);
  const proofs = createProofTries(redis, rates.password, sessionHash, named);
  const prove = createProve({ users, passwords, proofs, events });
  const forUsers = {
    users,
    changes,
    prove,
    sessions,
    owned,
    links,
    limits,
    post,
    events,
    clock,
    devices,
  };
  const check = createRegistrationCheck({ users, policy, limit: limits.register });
  const forPasswords = { ...forUsers, passwords, policy, tries };
  const login = createLogin({ ...forPasswords, failures: limits.login, keepData });
  const repetitions = createRepetitions({ ...forPasswords, redis, login, proofs });
  return {
    config,
    origins: {
      base: config.baseUrl,
      trusted: config.trustedOrigins,
      app: config.appUrl ?? undefined,
    },
    redis,
    database,
    sharesWork: ports.sharesWork ?? false,
    clock,
    log,
    tokens,
    cookie: createSessionCookie({ ...scope, domain: config.cookieDomain }),
    deviceCookie: createDeviceCookie(scope),
    knownDevices,
    devices,
    expiry,
    sessions,
    users,
    owned,
    anonymousLimit: limits.anonymous,
    writeLimit: limits.writes,
    endingLimit: limits.endings,
    login,
    repetitions,
    logout: createLogout(sessions, events),
    policy,
    registrationCheck: check,
    register: createRegister({ ...forPasswords, check, keepData, limit: limits.register, log }),
    requestAccount: createRequestAccount({ post, limit: limits.register }),
    lookUpLink: createLookUpLink(links, clock),
    passwordReset: createPasswordReset({ ...forPasswords, log }),
    emailChange: createEmailChange({
      ...forUsers,
      owner: createLinkOwner({ ...forPasswords, failures: limits.login }),
    }),
    reauthenticate: createReauthenticate(forUsers),
    changePassword: createChangePassword({ ...forPasswords, sessionHash }),
    deleteAccount: createDeleteAccount(forUsers),
    changeProfile: createChangeProfile({ users, changes, limit: limits.register }),
    revocation: createRevocation(forUsers),
    administration: createAdministration({ ...forUsers, tries, linkAddress, mailArrives }),
    events,
    delivery,
    async prune() {
      await links.prune(clock.now());
      await events.prune(clock.now() - config.auditKeep);
      await tables.devices.prune(clock.now() - DEVICE_REMEMBERED);
    },
  };
}
