import { execFile, spawn } from 'node:child_process';
import { kill } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { type Milliseconds, seconds } from '../time.ts';

export interface ChildOptions {
  /** How a message calls it. */
  name: string;
  command: string;
  args: string[];
  env: Record<string, string | undefined>;
  cwd?: string;
  /** Where its output goes: this process's own, or an open file. */
  output: 'inherit' | number;
}

export interface Child {
  name: string;
  /** Resolves when the program ended, by itself or by `stop`, with the code or signal it ended by. */
  ended: Promise<string>;
  /** How many processes of its group run this program. null: this system can't tell. */
  count(program: string): Promise<number | null>;
  /** Asks the program to end, and ends all that is left of it after a grace period. */
  stop(): Promise<void>;
}

const GRACE = seconds(5);
const STEP: Milliseconds = 20;

/**
 * Starts a program in a process group of its own: what it starts in turn is found again when it has
 * died, and Ctrl-C reaches only this process, which decides on the order.
 */
export function startChild({ name, command, args, env, cwd, output }: ChildOptions): Child {
  const child = spawn(command, args, {
    env,
    ...(cwd === undefined ? {} : { cwd }),
    detached: true,
    stdio: ['ignore', output, output],
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const { pid } = child;
  if (pid === undefined) return { name, ended, count: async () => null, stop: async () => {} };
  endWithThisProcess(pid);

  return {
    name,
    ended,
    count: (program) => countInGroup(pid, program),
    async stop() {
      child.kill('SIGTERM');
      const leaderLives = () => child.exitCode === null && child.signalCode === null;
      for (let waited = 0; waited < GRACE && leaderLives(); waited += STEP) await wait(STEP);
      endGroup(pid);
      await ended;
    },
  };
}

async function countInGroup(group: number, program: string): Promise<number | null> {
  const list = await new Promise<string | null>((resolve) => {
    const columns = ['-A', '-o', 'pgid=,stat=,comm='];
    execFile('ps', columns, (error, output) => resolve(error ? null : output));
  });
  if (list === null) return null;
  return list.split('\n').filter((line) => {
    const [pgid, state = '', ...command] = line.trim().split(/\s+/);
    const runs = pgid === `${group}` && !state.startsWith('Z');
    return runs && command.join(' ').split('/').at(-1) === program;
  }).length;
}

function endGroup(pid: number) {
  try {
    kill(-pid, 'SIGKILL');
  } catch {
    // Nothing is left of it.
  }
}

/** However this process ends, SIGKILL included, the pipe closes and the shell ends the group. */
function endWithThisProcess(pid: number) {
  const shell = spawn('/bin/sh', ['-c', 'read _; kill -s KILL -- "-$0"', `${pid}`], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.on('error', () => {});
  shell.unref();
}
