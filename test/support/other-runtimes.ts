import { arch, platform } from 'node:process';

const MODULES = 'test/runtimes/node_modules';

const bunArch = arch === 'arm64' ? 'aarch64' : arch;
const denoLibc = platform === 'linux' ? '-glibc' : '';

/** The program of each, as its package for this platform has it, and how it runs a script. */
export const OTHER_RUNTIMES = {
  Bun: [`${MODULES}/@oven/bun-${platform}-${bunArch}/bin/bun`],
  Deno: [`${MODULES}/@deno/${platform}-${arch}${denoLibc}/deno`, 'run', '-A'],
};
