import { type Config, createClient } from '@libsql/client/http';
import { drizzle } from 'drizzle-orm/libsql/http';
import type { Drizzle } from './client.ts';

/** libSQL over HTTP, by `fetch` alone. */
export const openHttp = (config: Config): Drizzle => drizzle(createClient(config));
