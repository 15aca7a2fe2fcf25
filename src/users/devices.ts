import { createHash } from 'node:crypto';
import type { Milliseconds } from '../time.ts';

/** A device that a user has signed in on. */
export interface Device {
  /** Public: it names the device for its user, and is no cookie. */
  id: string;
  createdAt: Milliseconds;
  /** Exact to the hour. */
  lastUsedAt: Milliseconds;
  userAgent: string | null;
}

/** As much of it as decides whether a login comes from a known device. */
export type DeviceUse = Pick<Device, 'id' | 'lastUsedAt'>;

export interface NewDevice {
  id: string;
  userAgent: string | null;
  at: Milliseconds;
}

/** The devices of a user that are remembered. Those used longest ago go first. */
export const MAX_DEVICES = 20;

/**
 * Remembers the devices that users have signed in on. Each is one statement or one batch, and rejects
 * with a `Fault`. A change of a user forgets and remembers devices in its own batch.
 */
export interface DeviceTable {
  /** Returns the devices of a user, the one used last first. */
  list(userId: string): Promise<Device[]>;
  /**
   * Remembers a device, or that it was used once more, while the user still has this epoch: a login
   * that checked an old password makes no device known after the password has changed.
   */
  remember(user: { id: string; epoch: number }, device: NewDevice): Promise<void>;
  /** Forgets one device. Returns false if the user has no such device. */
  forget(userId: string, id: string): Promise<boolean>;
  /** Forgets all devices of a user, and returns how many there were. */
  forgetAll(userId: string): Promise<number>;
  /** Forgets devices that were last used before this. */
  prune(before: Milliseconds): Promise<void>;
}

/** What is stored for the id in a device cookie, so that reading the table makes no cookie. */
export const deviceDigest = (cookieId: string): string =>
  createHash('sha256').update(`device ${cookieId}`).digest('base64url').slice(0, 22);
