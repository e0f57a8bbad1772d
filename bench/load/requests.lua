-- Makes the requests of a workload for wrk: arguments are a file with method, path and body, a line each, how many
-- jobs there are, the first of them, how many a request takes, the number of the first request, and how many callers ask.
local method, path, body, first, windows, perRequest, sequence, callers

function init(args)
  local lines = io.lines(args[1])
  method, path, body = lines(), lines(), lines()
  local count = tonumber(args[2])
  first, perRequest = tonumber(args[3]), tonumber(args[4])
  windows = math.floor(count / perRequest)
  sequence = tonumber(args[5])
  callers = tonumber(args[6])
end

local head = "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\nX-Bkapi-Authorization: {\"bk_token\":\"user%d\"}\r\n"

function request()
  local start = first + (sequence % windows) * perRequest
  local function fill(text)
    return (text:gsub("@(%d+)@", function(index) return tostring(start + tonumber(index)) end))
  end
  local message = head:format(method, fill(path), sequence % callers)
  if method == "POST" then
    local filled = fill(body)
    message = message .. "Content-Type: application/json\r\nContent-Length: " .. #filled .. "\r\n\r\n" .. filled
  else
    message = message .. "\r\n"
  end
  sequence = sequence + 1
  return message
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('\nJSON {"requests":%d,"seconds":%.6f,"bytes":%d,"p50":%.4f,"p99":%.4f,"failed":%d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1000,
    latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
