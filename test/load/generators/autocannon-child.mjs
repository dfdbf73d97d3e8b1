import autocannon from 'autocannon';

// JavaScript because autocannon has no types. Takes a LoadRequest, prints a LoadResult.
const { url, headers, seconds, connections } = JSON.parse(process.argv[2]);
const before = process.cpuUsage();
const result = await autocannon({ url, headers, connections, duration: seconds, timeout: 10 });
const { user, system } = process.cpuUsage(before);

process.stdout.write(
  JSON.stringify({
    requests: result['2xx'] + result.non2xx,
    durationSeconds: result.duration,
    bytes: result.throughput.total,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failures: result.non2xx + result.errors,
    generatorBusy: (user + system) / 1e6 / result.duration,
  }),
);
