/**
 * What plain commands can't do in one atomic step. A script is recognised by its text, so the
 * embedded store, served in the REST dialect, can answer the same `EVAL` in a transaction.
 */

/**
 * KEYS: key, and its index where it has one. ARGV: expected, value, ttl (ms), and for the index
 * member, score. 1 when it was replaced. An index lives as long as its longest record.
 */
export const COMPARE_AND_SET = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
if KEYS[2] then
  redis.call('ZADD', KEYS[2], ARGV[5], ARGV[4])
  if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[2], ARGV[3]) end
end
return 1`;

/**
 * KEYS: record, index. ARGV: prefix, member, value, score, ttl, max. 1 when it was added. Entries
 * whose record has expired are dropped before anything live is ended, and the new record is never
 * ended, even if the clock that made another one was ahead. The records it
 * deletes are not declared as keys; they share the index's hash tag, so a cluster accepts that.
 */
export const ADD_INDEXED = `
if not redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[5], 'NX') then return 0 end
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[2])
if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[5]) then redis.call('PEXPIRE', KEYS[2], ARGV[5]) end
local max = tonumber(ARGV[6])
if redis.call('ZCARD', KEYS[2]) <= max then return 1 end
local others = {}
for _, member in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  if redis.call('EXISTS', ARGV[1] .. member) == 0 then redis.call('ZREM', KEYS[2], member)
  elseif member ~= ARGV[2] then others[#others + 1] = member end
end
for i = 1, #others + 1 - max do
  redis.call('DEL', ARGV[1] .. others[i])
  redis.call('ZREM', KEYS[2], others[i])
end
return 1`;

/** KEYS: record, index. ARGV: member. 1 when there was a record. */
export const DELETE_INDEXED = `
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('DEL', KEYS[1])`;

/** KEYS: index. ARGV: prefix. Members and values in turn, lowest score first. */
export const LIST_INDEXED = `
local found = {}
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local value = redis.call('GET', ARGV[1] .. member)
  if value then
    found[#found + 1] = member
    found[#found + 1] = value
  end
end
return found`;

/** KEYS: key. ARGV: window (ms). Count and the rest of the window. */
export const COUNT = `
local count = redis.call('INCR', KEYS[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('PTTL', KEYS[1])}`;

/** KEYS: key, keys to delete. Never makes a key, which would have no expiry. */
export const UNCOUNT = `
for i = 2, #KEYS do redis.call('DEL', KEYS[i]) end
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
return redis.call('DECR', KEYS[1])`;

/** KEYS: key, wait. ARGV: free, first (ms), longest (ms), stop, keep (ms). How long to wait, in ms. */
export const COUNT_TRY = `
local wait = redis.call('PTTL', KEYS[2])
if wait > 0 then return wait end
if tonumber(redis.call('GET', KEYS[1]) or '0') >= tonumber(ARGV[4]) then return tonumber(ARGV[3]) end
local count = redis.call('INCR', KEYS[1])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
local over = count - tonumber(ARGV[1])
if over >= 0 then
  local doubled = tonumber(ARGV[2]) * 2 ^ math.min(over, 32)
  redis.call('SET', KEYS[2], '', 'PX', string.format('%d', math.min(doubled, tonumber(ARGV[3]))))
end
return 0`;
