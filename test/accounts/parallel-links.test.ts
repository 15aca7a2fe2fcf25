import { describe } from 'vitest';
import { databaseUrl } from '../support/database-url.ts';
import { linkRaces } from '../support/link-races.ts';
import { runtime } from '../support/runtime.ts';

describe('of 20 requests at once', () => {
  linkRaces(async () => [await runtime.openDatabase(databaseUrl())]);
});
