import type { Database } from './client.ts';
import type { Tables } from './tables.ts';

/**
 * The tables, whose queries are loaded by the first of them: an eighth of what a Worker does before
 * its first answer, and most of what is asked of one needs none.
 */
export function lateTables(database: Database): Tables {
  let tables: Tables | undefined;
  // Not one promise for all: in workerd no request may wait for what another one started.
  const load = async () => {
    tables ??= (await import('./tables.ts')).createTables(database);
    return tables;
  };
  return {
    users: late(async () => (await load()).users),
    links: late(async () => (await load()).links),
    mailQueue: late(async () => (await load()).mailQueue),
    events: late(async () => (await load()).events),
  };
}

type Methods<T> = { [name in keyof T]: (...args: never[]) => Promise<unknown> };

/** A port whose every method loads it first. */
function late<T extends Methods<T>>(load: () => Promise<T>): T {
  const methodOf =
    (name: keyof T) =>
    async (...args: never[]) =>
      (await load())[name](...args);
  return new Proxy({} as T, { get: (_, name) => methodOf(name as keyof T) });
}
