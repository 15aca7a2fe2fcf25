import * as v from 'valibot';

/** The body of a route that takes none. */
export const NoFields = v.object({});
