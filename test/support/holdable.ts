import { Fault } from '../../src/errors.ts';
import type { RedisClient } from '../../src/redis/client.ts';

type Method = Exclude<keyof RedisClient, 'close'>;

export interface Held {
  /** Resolves when the call has arrived and waits. */
  arrived: Promise<void>;
  /** Lets it go on. */
  release(): void;
}

/** A store whose commands a test can stop at a point of its choosing, to drive interleavings. */
export class Holdable {
  private readonly holds: {
    method: Method;
    when: 'before' | 'after';
    reach: () => Promise<void>;
  }[] = [];

  private readonly losses: Method[] = [];

  readonly client: RedisClient;

  constructor(readonly inner: RedisClient) {
    this.client = new Proxy(inner, {
      get: (target, name) => {
        const method = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          await this.pass(name as Method, 'before');
          const result = await method.apply(target, args);
          const lost = this.losses.indexOf(name as Method);
          if (lost >= 0) {
            this.losses.splice(lost, 1);
            throw new Fault('redis', 'answer lost');
          }
          await this.pass(name as Method, 'after');
          return result;
        };
      },
    });
  }

  /** Stops the next call of a method before it reaches the store, or before its answer does. */
  hold(method: Method, when: 'before' | 'after' = 'before'): Held {
    let arrive = () => {};
    let release = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.holds.push({
      method,
      when,
      reach() {
        arrive();
        return released;
      },
    });
    return { arrived, release };
  }

  /** The next call of a method is carried out, but its answer never comes. */
  loseAnswer(method: Method): void {
    this.losses.push(method);
  }

  private async pass(method: Method, when: 'before' | 'after'): Promise<void> {
    const at = this.holds.findIndex((hold) => hold.method === method && hold.when === when);
    if (at >= 0) await this.holds.splice(at, 1)[0]?.reach();
  }
}
