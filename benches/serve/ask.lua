-- Asks the addresses of a file, one after the other and again from the start, and prints what came of it as JSON.

local requests, at = {}, 0

function init(args)
    for address in io.lines(args[1]) do
        requests[#requests + 1] = wrk.format("GET", address)
    end
    if #requests > 1 then
        function request()
            at = at % #requests + 1
            return requests[at]
        end
    end
end

function done(summary, latency, _)
    local errors = summary.errors
    io.write(string.format(
        '{"requests":%d,"seconds":%.6f,"bytes":%d,"p50_ms":%.3f,"p99_ms":%.3f,"refused":%d,"broken":%d}\n',
        summary.requests, summary.duration / 1e6, summary.bytes,
        latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
        errors.status, errors.connect + errors.read + errors.write + errors.timeout
    ))
end
