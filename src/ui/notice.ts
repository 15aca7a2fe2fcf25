import type { Context } from 'hono';
import type { AppEnv } from '../http/env.ts';
import { RESERVED } from '../session/session-data.ts';

/** Where a session keeps what the last success said, to be shown once. */
export const NOTICE = `${RESERVED}notice`;

/** Empty: there is none. */
export const noticeOf = <E extends AppEnv>(c: Context<E>): string =>
  String((c as unknown as Context<AppEnv>).get('session').get(NOTICE) ?? '');
