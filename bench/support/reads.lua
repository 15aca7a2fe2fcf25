-- What wrk asks for: the same address again and again, with each of the cookies in its turn, which
-- follow `--` on the command line. Prints what came of it as JSON.
local requests = {}
local turn = 0

function init(cookies)
  for i, cookie in ipairs(cookies) do
    requests[i] = wrk.format("GET", nil, { Cookie = cookie })
  end
  if #requests == 0 then requests[1] = wrk.format("GET") end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  io.write(string.format('{"rate": %.1f, "p50": %.3f, "p99": %.3f, "requests": %d, "failed": %d}\n',
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, summary.requests, failed))
end
