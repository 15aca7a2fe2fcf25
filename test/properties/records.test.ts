import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createExpiry } from '../../src/session/expiry.ts';
import { decodeRecord, encodeRecord, type SessionRecord } from '../../src/session/record.ts';
import { sessionView } from '../../src/session/views.ts';
import { anyText, json, jsonObject, runs } from './arbitraries.ts';

const lifetimes = { idle: 3_600_000, absolute: 86_400_000 };
const expiry = createExpiry(lifetimes, lifetimes);

const time = fc.integer({ min: 0, max: 8_000_000_000_000 });
const text = fc.option(fc.string({ unit: 'binary' }));
const login = fc.record({
  epoch: fc.nat(),
  authenticatedAt: time,
  absoluteExpiresAt: time,
  remember: fc.boolean(),
  methods: fc.array(fc.string(), { maxLength: 3 }),
  ip: text,
  userAgent: text,
});
const record: fc.Arbitrary<SessionRecord> = fc.record({
  digest: fc.base64String(),
  createdAt: time,
  lastSeenAt: time,
  data: fc.record({ values: jsonObject, flash: jsonObject }),
  login: fc.option(login),
});

/** Mostly the one, now and then anything. */
const mostly = (right: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: fc.oneof(fc.double(), json) });
const maybeText = fc.oneof(fc.constant(0), fc.string());

/** Nearly a record: what stands at each place is what belongs there, or anything. */
const nearly = fc
  .tuple(
    mostly(fc.string()),
    mostly(time),
    mostly(time),
    fc.oneof(
      mostly(fc.constant(0)),
      fc.tuple(
        mostly(fc.nat()),
        mostly(time),
        mostly(time),
        mostly(fc.constantFrom(0, 1)),
        mostly(fc.oneof(fc.constant(0), fc.array(fc.string(), { maxLength: 2 }))),
        mostly(maybeText),
        mostly(maybeText),
      ),
    ),
    json,
    json,
  )
  .chain((stored) => fc.integer({ min: 3, max: 6 }).map((length) => stored.slice(0, length)))
  .map((stored) => JSON.stringify(stored));

describe('a session record', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(record, (written) => {
        const stored = encodeRecord(written);
        const read = decodeRecord(stored);
        expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(JSON.stringify(written)));
        expect(read && encodeRecord(read)).toBe(stored);
      }),
      runs(500),
    );
  });

  it('is one that can be shown and written again, or is none, for anything in the store', () => {
    const outcomes = { read: 0, none: 0 };
    fc.assert(
      fc.property(
        fc.oneof(
          nearly,
          json.map((value) => JSON.stringify(value)),
          anyText('{', '}'),
        ),
        (stored) => {
          const read = decodeRecord(stored);
          outcomes[read ? 'read' : 'none'] += 1;
          if (!read) return;
          expect(decodeRecord(encodeRecord(read))).toEqual(read);
          expect(Object.getPrototypeOf(read.data.values)).toBeNull();
          expect(Object.getPrototypeOf(read.data.flash)).toBeNull();
          const { login: facts } = read;
          if (!facts) return;
          const shown = sessionView('id', {
            record: { ...read, login: facts },
            current: true,
            expiry,
          });
          for (const value of [shown.ip, shown.userAgent]) {
            expect(value === null || typeof value === 'string').toBe(true);
          }
          expect(shown.methods.every((method) => typeof method === 'string')).toBe(true);
        },
      ),
      runs(3000),
    );
    expect(Math.min(outcomes.read, outcomes.none)).toBeGreaterThan(50);
  });
});
