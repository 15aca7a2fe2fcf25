import { Fault } from '../errors.ts';

type Methods<T> = { [name in keyof T]: (...args: never[]) => Promise<unknown> };

/**
 * A port whose code is loaded by the first call: queries bring Drizzle along, and a Worker starts
 * sooner without it. Calls reject with a `Fault` when it can't be loaded. It has no keys of its own,
 * so it can't be spread.
 */
export function late<T extends Methods<T>>(load: () => Promise<T>): T {
  let port: T | undefined;
  // Not one promise for all: in workerd no request may wait for what another one started.
  const loaded = async () => {
    const made = await load().catch(() => {
      throw new Fault('database', 'its queries can not be loaded');
    });
    port ??= made;
    return port;
  };
  const call =
    (name: keyof T) =>
    async (...args: never[]) =>
      (port ?? (await loaded()))[name](...args);
  // Whatever is awaited is asked whether it is a promise.
  return new Proxy({} as T, {
    get: (_, name) => (name === 'then' ? undefined : call(name as keyof T)),
  });
}
