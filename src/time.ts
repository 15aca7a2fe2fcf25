/** Every duration and every instant in this project is in milliseconds. */
export type Milliseconds = number;

export const seconds = (n: number): Milliseconds => n * 1000;
export const minutes = (n: number): Milliseconds => seconds(n * 60);
export const hours = (n: number): Milliseconds => minutes(n * 60);
export const days = (n: number): Milliseconds => hours(n * 24);

/** Injected everywhere, so that tests move time instead of sleeping. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): Milliseconds;
}

export const systemClock: Clock = { now: () => Date.now() };
