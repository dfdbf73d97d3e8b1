import { Agent, request } from 'node:http';

// JavaScript so that it starts at once. Takes a RefreshRequest, prints a LoadResult: every client changes its token
// for the next, again and again.
const { url, clients, seconds, connections } = JSON.parse(process.argv[2]);
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const latencies = [];
let bytes = 0;
let failures = 0;

const before = process.cpuUsage();
const startedAt = performance.now();
const until = startedAt + seconds * 1000;
await Promise.all(clients.map(refreshing));
const durationSeconds = (performance.now() - startedAt) / 1000;
const { user, system } = process.cpuUsage(before);
latencies.sort((one, other) => one - other);
const percentile = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];

process.stdout.write(
  JSON.stringify({
    requests: latencies.length,
    durationSeconds,
    bytes,
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
    failures,
    generatorBusy: (user + system) / 1e6 / durationSeconds,
  }),
);
process.exit();

async function refreshing({ refreshToken, cookie }) {
  let token = refreshToken;
  while (performance.now() < until) {
    const askedAt = performance.now();
    const { status, body } = await (cookie === undefined ? post(token) : get(cookie));
    latencies.push(performance.now() - askedAt);
    bytes += body.length;
    if (status !== 200) failures += 1;
    else if (token !== undefined) token = JSON.parse(body).refreshToken;
  }
}

function post(token) {
  const body = JSON.stringify({ refreshToken: token });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return send({ method: 'POST', headers }, body);
}

function get(cookie) {
  return send({ method: 'GET', headers: { cookie } });
}

function send(options, body) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, body: text }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
