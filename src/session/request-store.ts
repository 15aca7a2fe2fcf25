import type { SessionData as LibraryData, Store } from 'hono-sessions';
import type { LiveSession } from './reader.ts';
import { decodeRecord, emptyData } from './record.ts';
import type { DataChange } from './sessions.ts';

/**
 * The store that `hono-sessions` sees, made anew for each request. It reads and writes nothing: it
 * hands over the session that was read before, and remembers what the library wanted, for one
 * write after the handler. Used with a real store the library makes a record for every visitor,
 * swallows a failed read and revives ended sessions.
 */
export class RequestStore implements Store {
  /** The handler asked to end the session. */
  ended = false;
  private written: LibraryData | null = null;

  constructor(private readonly live: LiveSession | null) {}

  getSessionById(): LibraryData | null {
    return this.live && { _data: this.entries(), _expire: null, _delete: false, _accessed: null };
  }

  /** Called for a visitor without a session cookie, who may have sent the token otherwise. */
  createSession(_id: string, initial: LibraryData): void {
    initial._data = this.entries();
  }

  persistSessionData(_id: string, data: LibraryData): void {
    this.written = data;
  }

  deleteSession(): void {
    this.ended = true;
  }

  /** What the handler changed, key by key. null: nothing. */
  change(): DataChange | null {
    if (!this.written) return null;
    // Read anew: handlers may have changed values in place.
    const before = decodeRecord(this.live?.stored ?? null)?.data ?? emptyData();
    const after = emptyData();
    for (const [key, { value, flash }] of Object.entries(this.written._data)) {
      after[flash ? 'flash' : 'values'][key] = value;
    }
    const change = {
      values: differences(before.values, after.values),
      flash: differences(before.flash, after.flash),
    };
    return change.values.size + change.flash.size > 0 ? change : null;
  }

  private entries(): LibraryData['_data'] {
    const { values, flash } = this.live?.record.data ?? emptyData();
    const entries: LibraryData['_data'] = Object.create(null);
    for (const [key, value] of Object.entries(values)) entries[key] = { value, flash: false };
    for (const [key, value] of Object.entries(flash)) entries[key] = { value, flash: true };
    return entries;
  }
}

/** Keys whose value is another one now; undefined: taken away. Compared as they are stored. */
function differences(before: Record<string, unknown>, after: Record<string, unknown>) {
  const changed = new Map<string, unknown>();
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (JSON.stringify(before[key]) !== JSON.stringify(after[key])) changed.set(key, after[key]);
  }
  return changed;
}
