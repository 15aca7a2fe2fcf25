import { emptyData, type SessionData, type Values } from './record.ts';
import type { RecordChange } from './saving.ts';

/** What one request did to the session data, key by key; undefined takes a key away. */
export interface DataChange {
  values: Map<string, unknown>;
  flash: Map<string, unknown>;
}

/** The change as it is applied to whatever stands there, so that parallel requests both count. */
export function applying(change: DataChange): RecordChange {
  return (record) => ({ ...record, data: changed(record.data, change) });
}

export function changed(data: SessionData, change: DataChange): SessionData {
  return {
    values: assigned(data.values, change.values),
    flash: assigned(data.flash, change.flash),
  };
}

function assigned(values: Values, changes: Map<string, unknown>): Values {
  const copy: Values = Object.assign(Object.create(null), values);
  for (const [key, value] of changes) {
    if (value === undefined) delete copy[key];
    else copy[key] = value;
  }
  return copy;
}

/** Keys whose value is another one now. Compared as they are stored. */
export function differences(before: SessionData, after: SessionData): DataChange | null {
  const change = {
    values: changedKeys(before.values, after.values),
    flash: changedKeys(before.flash, after.flash),
  };
  return change.values.size + change.flash.size > 0 ? change : null;
}

function changedKeys(before: Values, after: Values): Map<string, unknown> {
  const keys = new Map<string, unknown>();
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (JSON.stringify(before[key]) !== JSON.stringify(after[key])) keys.set(key, after[key]);
  }
  return keys;
}

/** The data of a session that starts with a change. */
export const startingWith = (change: DataChange): SessionData => changed(emptyData(), change);
