import { type Milliseconds, seconds } from '../time.ts';

export interface RestStore {
  url: string;
  token: string;
  /** Limit of one command. The default is half of the two seconds within which a 503 is answered. */
  timeout?: Milliseconds;
}

/** Carries the client's requests. One try each: a repeated write could count twice. */
export interface RestTransport {
  /**
   * Posts to a path below the store's address, and answers with the parsed JSON. Rejects when there
   * is no answer in time, or none with status 200.
   */
  post(path: readonly string[], body: unknown): Promise<unknown>;
  close(): void;
}

export const REST_TIMEOUT = seconds(1);
