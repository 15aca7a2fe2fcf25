import type { SessionData as LibraryData, Store } from 'hono-sessions';
import { type DataChange, differences } from './data-change.ts';
import type { LiveSession } from './reader.ts';
import { decodeRecord, emptyData, type SessionData } from './record.ts';

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

  /** What the handler changed. null: nothing. */
  change(): DataChange | null {
    if (!this.written) return null;
    const after = emptyData();
    for (const [key, { value, flash }] of Object.entries(this.written._data)) {
      after[flash ? 'flash' : 'values'][key] = value;
    }
    const before = this.data();
    // The library has one name space: a value that a flash of its name hides was not taken away.
    for (const [key, value] of Object.entries(before.values)) {
      if (key in before.flash || key in after.flash) after.values[key] ??= value;
    }
    return differences(before, after);
  }

  private entries(): LibraryData['_data'] {
    const { values, flash } = this.data();
    const entries: LibraryData['_data'] = Object.create(null);
    for (const [key, value] of Object.entries(values)) entries[key] = { value, flash: false };
    for (const [key, value] of Object.entries(flash)) entries[key] = { value, flash: true };
    return entries;
  }

  /** As it was read. Made anew, because handlers change values in place. */
  private data(): SessionData {
    return decodeRecord(this.live?.stored ?? null)?.data ?? emptyData();
  }
}
