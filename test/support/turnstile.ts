import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../../src/db/client.ts';
import { Fault, type Part } from '../../src/errors.ts';
import type { RedisClient } from '../../src/redis/client.ts';

/** What may become of a step: it is carried out and answered, its answer is lost, its actor dies. */
export type Outcome = 'answered' | 'lost' | 'dies';

/** Who is acting. One for all runs: every one of these slows every promise down. */
const ACTORS = new AsyncLocalStorage<string>();

interface Step {
  actor: string;
  /** Keys that the step touches; one that ends in `*` stands for all that begin so. */
  keys: string[];
  reads: boolean;
  go(outcome: Outcome): void;
}

/** Where actors stop before each step at the store or the database until they are let on. */
export class Turnstile {
  private waiting: Step[] = [];
  /** Steps that are being carried out. */
  private underWay = 0;
  /** Actors that have not ended, and what ends them where they stand. */
  private readonly acting = new Map<string, () => void>();

  /** Runs an actor, and answers what it answered; null: it died. */
  start<T>(name: string, work: () => Promise<T>): Promise<T | null> {
    return new Promise((resolve, reject) => {
      this.acting.set(name, () => resolve(null));
      ACTORS.run(name, work)
        .then(resolve, reject)
        .finally(() => this.acting.delete(name));
    });
  }

  /** The steps that wait when nobody moves any more; empty: all are through. */
  async pending(): Promise<Step[]> {
    // An actor may take several steps at once, and not all of them in one turn.
    for (let quiet = 0; quiet < 2; quiet = this.moves() ? 0 : quiet + 1) await nextTurn();
    return [...this.waiting].sort((a, b) => a.actor.localeCompare(b.actor));
  }

  private moves(): boolean {
    const waits = (actor: string) => this.waiting.some((step) => step.actor === actor);
    return this.underWay > 0 || ![...this.acting.keys()].every(waits);
  }

  /** For the next run. Whoever still waits does so for ever. */
  clear(): void {
    this.waiting = [];
    this.acting.clear();
  }

  redis(store: RedisClient): RedisClient {
    return new Proxy(store, {
      get: (target, name) => {
        const method = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) => {
          const touches = { keys: keysOf(args), reads: READS.has(String(name)) };
          return this.pass('redis', touches, () => method.apply(target, args));
        };
      },
    });
  }

  database(database: Database): Database {
    return {
      run: (work) =>
        this.pass('database', { keys: ['database'], reads: false }, () => database.run(work)),
      close: database.close,
    };
  }

  private async pass<T>(
    part: Part,
    touches: Pick<Step, 'keys' | 'reads'>,
    work: () => Promise<T>,
  ): Promise<T> {
    const actor = ACTORS.getStore();
    // Whoever sets the scene or looks at it afterwards.
    if (actor === undefined) return work();
    const outcome = await new Promise<Outcome>((go) => {
      const step: Step = {
        actor,
        ...touches,
        go: (decided) => {
          this.waiting = this.waiting.filter((other) => other !== step);
          this.underWay += 1;
          go(decided);
        },
      };
      this.waiting.push(step);
    });
    try {
      const answer = await work();
      if (outcome === 'answered') return answer;
      if (outcome === 'lost') throw new Fault(part, 'answer lost');
    } finally {
      this.underWay -= 1;
    }
    this.acting.get(actor)?.();
    this.acting.delete(actor);
    return new Promise<never>(() => {});
  }
}

const READS = new Set(['get', 'listIndexed', 'ping']);

/** The keys that the arguments of a store's method name: texts, counters, records and entries. */
const keysOf = ([first, ...others]: unknown[]): string[] => [
  ...namedBy(first),
  ...others.flatMap((other) => (typeof other === 'object' ? namedBy(other) : [])),
];

function namedBy(argument: unknown): string[] {
  if (typeof argument === 'string') return [argument];
  if (Array.isArray(argument)) return argument.flatMap(namedBy);
  const { key, index, prefix, member, deleting } = argument as Record<string, unknown>;
  return [
    ...(typeof key === 'string' ? [key] : []),
    ...(typeof index === 'string' ? [index] : []),
    ...(typeof prefix === 'string' ? [prefix + (member ?? '*')] : []),
    ...(deleting === undefined ? [] : namedBy(deleting)),
  ];
}

/** Two steps whose order makes no difference. */
function commute(a: Step, b: Step): boolean {
  if (a.reads && b.reads) return true;
  const meets = (key: string, other: string) =>
    key === other ||
    (key.endsWith('*') && other.startsWith(key.slice(0, -1))) ||
    (other.endsWith('*') && key.startsWith(other.slice(0, -1)));
  return !a.keys.some((key) => b.keys.some((other) => meets(key, other)));
}

interface Choice {
  step: Step;
  outcome: Outcome;
  /** Steps that, after this one, need not come next: that order was tried the other way round. */
  asleep: Step[];
}

/**
 * Goes through every order of the actors' steps that can make a difference, and in each through
 * every single step failing in these ways. `run` gets what decides, which answers false when the rest
 * of the run was seen before. Answers how many runs there were.
 */
export async function everyOrder(
  run: (decide: (steps: Step[]) => boolean) => Promise<void>,
  failures: readonly Outcome[],
): Promise<number> {
  let path: { chosen: number; of: number }[] = [];
  let runs = 0;
  for (;;) {
    let depth = 0;
    let faulted = false;
    let asleep: Step[] = [];
    await run((steps) => {
      const outcomes: Outcome[] = faulted ? ['answered'] : ['answered', ...failures];
      const awake = steps.filter((step) => !asleep.includes(step));
      const choices: Choice[] = awake.flatMap((step, i) => {
        const tried = [...asleep, ...awake.slice(0, i)].filter((other) => commute(other, step));
        return outcomes.map((outcome) => ({ step, outcome, asleep: tried }));
      });
      if (choices.length === 0) return false;
      const at = path[depth] ?? { chosen: 0, of: choices.length };
      path[depth] = at;
      depth += 1;
      const choice = choices[at.chosen];
      if (!choice || at.of !== choices.length) throw new Error('a run is not repeatable');
      faulted ||= choice.outcome !== 'answered';
      asleep = choice.asleep;
      choice.step.go(choice.outcome);
      return true;
    });
    runs += 1;
    path = path.slice(0, depth);
    while (path.length > 0 && (path.at(-1)?.chosen ?? 0) + 1 >= (path.at(-1)?.of ?? 0)) path.pop();
    const last = path.at(-1);
    if (!last) return runs;
    last.chosen += 1;
  }
}
