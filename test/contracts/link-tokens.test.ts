import { describe } from 'vitest';
import { DATABASES } from '../support/databases.ts';
import { linkRaces } from '../support/link-races.ts';

describe.each(Object.entries(DATABASES))(
  'of 20 requests at once to two servers over %s',
  (_, open) => linkRaces(open),
);
