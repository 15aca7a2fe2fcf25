import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** What is measured runs alone on the first core, everything else on the second. */
export const SERVER_CORE = 0;
export const OTHER_CORE = 1;

/** Whether processes can be held to a core here; without it figures are only a rough guide. */
export const PINNED =
  availableParallelism() > 1 && spawnSync('taskset', ['--version']).error === undefined;

const running = new Set();
const folders = new Set();

/**
 * Starts a program held to one core. It is ended when this process ends, whatever the cause. What it
 * prints goes to the file `log` where one is named: reading it here would take from the load.
 */
export function launch(command, args, { core, env = {}, ipc = false, cwd, log } = {}) {
  const [program, ...rest] = PINNED
    ? ['taskset', '-c', String(core), command, ...args]
    : [command, ...args];
  const { PATH, HOME } = process.env;
  const child = spawn(program, rest, {
    cwd,
    env: { PATH, HOME, NODE_ENV: 'production', ...env },
    stdio: ['ignore', log ? openSync(log, 'w') : 'pipe', 'pipe', ...(ipc ? ['ipc'] : [])],
  });
  const printed = { out: '', err: '' };
  child.stdout?.on('data', (chunk) => {
    printed.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    // The end is what tells why it failed.
    printed.err = (printed.err + chunk).slice(-4000);
  });
  running.add(child);
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => resolve(code));
  }).finally(() => running.delete(child));
  return { child, pid: child.pid, printed, ended };
}

/** Runs a program to its end and answers what it printed. Throws when it fails. */
export async function run(command, args, options) {
  const { printed, ended } = launch(command, args, { core: OTHER_CORE, ...options });
  const code = await ended;
  if (code !== 0) throw new Error(`${command} ${args[0]} ended with ${code}: ${printed.err}`);
  return printed.out;
}

/** Asks a process to end, and makes it end after a while. */
export async function stop({ child, ended }, patience = 3000) {
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), patience);
  await ended;
  clearTimeout(late);
}

/** Waits until `ready` answers true; throws when the process ends or takes too long. */
export async function waitUntil(ready, { child, printed }, limit = 20_000, interval = 20) {
  const end = performance.now() + limit;
  while (!(await ready())) {
    if (child.exitCode !== null || child.signalCode !== null || performance.now() > end) {
      throw new Error(`${child.spawnargs.at(-1)} did not start: ${printed.err || printed.out}`);
    }
    await pause(interval);
  }
}

/** A folder that is gone when this process has ended. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  folders.add(folder);
  return folder;
}

/** Milliseconds of CPU that a process has used, all of its threads together. */
export function cpuTime(pid) {
  const nanoseconds = readdirSync(`/proc/${pid}/task`).map((task) =>
    Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
}

/** Resident memory of a process in MiB. */
export function residentMemory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024;
}

function endEverything() {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

process.once('exit', endEverything);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
if (PINNED) spawnSync('taskset', ['-cp', String(OTHER_CORE), String(process.pid)]);
