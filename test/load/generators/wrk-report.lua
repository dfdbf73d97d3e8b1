-- Prints a LoadResult as the last line. Without `request` and `response` functions wrk keeps its fast path.
function done(summary, latency)
  local errors = summary.errors
  local seconds = summary.duration / 1e6
  io.write(string.format(
    '{"requests":%d,"durationSeconds":%.6f,"bytes":%.0f,"p50Ms":%.3f,"p99Ms":%.3f,"failures":%d,"generatorBusy":%.3f}\n',
    summary.requests,
    seconds,
    summary.bytes,
    latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    os.clock() / seconds
  ))
end
