import { createRequire } from 'node:module';

/**
 * Preloaded into a server: tells the process that started it of every SQL statement but pragmas
 * and transactions' brackets, by way of the driver that all of them use.
 */
const Database = createRequire(process.argv[1])('libsql');
const { prototype } = new Database(':memory:').prepare('SELECT 1').constructor;
const sources = new WeakMap();
let inside = false;

const { prepare } = Database.prototype;
Database.prototype.prepare = function prepareCounted(sql) {
  const statement = prepare.call(this, sql);
  sources.set(statement, sql);
  return statement;
};
for (const method of ['run', 'get', 'all', 'iterate']) {
  const original = prototype[method];
  prototype[method] = function counted(...args) {
    const sql = sources.get(this) ?? '';
    if (!inside && /^\s*(select|insert|update|delete|with)\b/i.test(sql)) process.send?.(sql);
    // The driver's methods call one another.
    inside = true;
    try {
      return original.apply(this, args);
    } finally {
      inside = false;
    }
  };
}
