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
 * KEYS: record, index, keys to delete. ARGV: prefix, member, value, score, ttl, max. 1 when it was
 * added. Entries whose record has expired are dropped before anything live is ended, and the new
 * record is never ended, even if the clock that made another one was ahead. The records it
 * deletes are not declared as keys; they share the index's hash tag, so a cluster accepts that.
 */
export const ADD_INDEXED = `
if not redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[5], 'NX') then return 0 end
for i = 3, #KEYS do redis.call('DEL', KEYS[i]) end
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

/** A count is stored with the name of its window, so that no other window gets it back. */
const READ = `
local function read(key, fresh)
  local count, window = string.match(redis.call('GET', key) or '', '^(%d+) (.*)$')
  return tonumber(count or '0'), window or fresh
end`;

/**
 * KEYS: counters. ARGV: name for a new window, then max and window (ms) of each counter. 0 and the
 * names of the windows, or how long to wait, in ms.
 */
export const COUNT = `${READ}
local wait = 0
for i, key in ipairs(KEYS) do
  if read(key) >= tonumber(ARGV[2 * i]) then wait = math.max(wait, redis.call('PTTL', key), 1) end
end
local answer = {wait}
if wait > 0 then return answer end
for i, key in ipairs(KEYS) do
  local count, window = read(key, ARGV[1])
  local left = redis.call('PTTL', key)
  if left < 1 then left = ARGV[2 * i + 1] end
  redis.call('SET', key, (count + 1) .. ' ' .. window, 'PX', left)
  answer[i + 1] = window
end
return answer`;

/** KEYS: counters, keys to delete. ARGV: the windows of the counters. Never makes a key. */
export const UNCOUNT = `${READ}
for i, window in ipairs(ARGV) do
  local count, running = read(KEYS[i], '')
  if running == window and count > 0 then
    local left = math.max(redis.call('PTTL', KEYS[i]), 1)
    redis.call('SET', KEYS[i], (count - 1) .. ' ' .. window, 'PX', left)
  end
end
for i = #ARGV + 1, #KEYS do redis.call('DEL', KEYS[i]) end
return 0`;

/**
 * KEYS: key, wait. ARGV: name for a new window, free, first (ms), longest (ms), stop, keep (ms). 0 and
 * the name of the window, or how long to wait, in ms.
 */
export const COUNT_TRY = `${READ}
local wait = redis.call('PTTL', KEYS[2])
if wait > 0 then return {wait} end
local count, window = read(KEYS[1], ARGV[1])
if count >= tonumber(ARGV[5]) then return {tonumber(ARGV[4])} end
count = count + 1
redis.call('SET', KEYS[1], count .. ' ' .. window, 'PX', ARGV[6])
local over = count - tonumber(ARGV[2])
if over >= 0 then
  local doubled = tonumber(ARGV[3]) * 2 ^ math.min(over, 32)
  redis.call('SET', KEYS[2], '', 'PX', string.format('%d', math.min(doubled, tonumber(ARGV[4]))))
end
return {0, window}`;
