/** Packages with native code. All other dependencies are bundled. */
export const NATIVE = ['@node-rs/bcrypt', 'libsql'];

/**
 * `package.json` and `package-lock.json` of `dist/server`: the native packages alone, at the versions
 * of the repository's lockfile, for all platforms.
 */
export function serverPackage(manifest, lockfile) {
  const { name, version, license, engines } = manifest;
  const dependencies = Object.fromEntries(NATIVE.map((id) => [id, manifest.dependencies[id]]));
  const head = { name: `${name}-server`, version };
  return {
    'package.json': {
      ...head,
      private: true,
      license,
      type: 'module',
      engines,
      scripts: {
        // Without a shell in between, which would keep a SIGTERM to itself.
        start: 'exec node server.js',
        'db:migrate': 'node migrate.js',
        gatehouse: 'node gatehouse.js',
      },
      dependencies,
    },
    'package-lock.json': {
      ...head,
      lockfileVersion: lockfile.lockfileVersion,
      requires: true,
      packages: { '': { ...head, license, dependencies, engines }, ...neededOf(lockfile.packages) },
    },
  };
}

/** The entries of a lockfile that the native packages need, directly or not. */
function neededOf(packages) {
  const needed = new Set();
  const waiting = NATIVE.map((name) => find(packages, name, ''));
  for (const path of waiting) {
    if (needed.has(path)) continue;
    needed.add(path);
    const { dependencies, optionalDependencies } = packages[path];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      waiting.push(find(packages, name, path));
    }
  }
  return Object.fromEntries([...needed].sort().map((path) => [path, packages[path]]));
}

/** Where Node finds a package that `from` imports: in the modules of `from`, or further out. */
function find(packages, name, from) {
  for (let folder = from; ; folder = outerOf(folder)) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (path in packages) return path;
    if (folder === '') throw new Error(`package-lock.json has no ${name}; run npm install`);
  }
}

const outerOf = (folder) => folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')));
