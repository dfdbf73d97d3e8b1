import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';

// JavaScript so that it starts at once. Takes the path of a LearnersRequest, prints a LearnersResult and where each
// learner is now. Every learner has a connection of its own, thinks, asks, waits for the answer, and thinks again.
const { origin, exam, learners, seconds, thinkMs, questionPaths } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const LETTERS = ['A', 'B', 'C', 'D'];
const latencies = { read: [], save: [], auth: [] };
const failures = {};
let requests = 0;

const startedAt = performance.now();
const until = startedAt + seconds * 1000;
const before = process.cpuUsage();
await Promise.all(learners.map(learning));
const durationSeconds = (performance.now() - startedAt) / 1000;
const { user, system } = process.cpuUsage(before);
process.stdout.write(
  JSON.stringify({
    requests,
    durationSeconds,
    failures,
    p50Ms: percentile(Object.values(latencies).flat(), 0.5),
    p99Ms: percentile(Object.values(latencies).flat(), 0.99),
    p99MsOf: Object.fromEntries(Object.entries(latencies).map(([kind, times]) => [kind, percentile(times, 0.99)])),
    generatorBusy: (user + system) / 1e6 / durationSeconds,
    learners,
  }),
  () => process.exit(),
);

async function learning(learner) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await think(Math.random() * thinkMs);
  while (performance.now() < until) {
    const [kind, act] = pick(learner);
    const askedAt = performance.now();
    const status = await act(agent).catch((error) => error.code ?? error.message);
    latencies[kind].push(performance.now() - askedAt);
    requests += 1;
    if (status !== 200) {
      const failure = [kind, status].join(' ');
      failures[failure] = (failures[failure] ?? 0) + 1;
    }
    // Exponential, as people who do not wait for each other are.
    await think(-Math.log(1 - Math.random()) * thinkMs);
  }
  agent.destroy();
}

/** 85 % reads: half of them of shared pages, half of one's own attempt or account; 10 % saves; 5 % auth. */
function pick(learner) {
  const chance = Math.random();
  if (chance < 0.85) return ['read', (agent) => get(agent, learner, readOf(learner))];
  if (chance < 0.95) return ['save', (agent) => save(agent, learner)];
  return ['auth', (agent) => (chance < 0.995 ? refresh(agent, learner) : login(agent, learner))];
}

function readOf({ attempt }) {
  const chance = Math.random();
  if (chance < 0.25) return `/api/v1/exams/${exam}`;
  if (chance < 0.5) return questionPaths[Math.floor(Math.random() * questionPaths.length)];
  return chance < 0.75 ? `/api/v1/attempts/${attempt.id}` : '/api/v1/users/me';
}

async function get(agent, learner, path) {
  return (await send(agent, learner, 'GET', path)).status;
}

async function save(agent, learner) {
  const { attempt } = learner;
  const number = 1 + Math.floor(Math.random() * attempt.questions);
  const answers = [{ number, choice: LETTERS[Math.floor(Math.random() * 4)] }];
  const body = { requestId: crypto.randomUUID(), revision: attempt.revision, answers };
  const answer = await send(agent, learner, 'PUT', `/api/v1/attempts/${attempt.id}/answers`, body);
  if (answer.status === 200) attempt.revision = JSON.parse(answer.body).revision;
  return answer.status;
}

async function refresh(agent, learner) {
  return renewed(
    learner,
    await send(agent, {}, 'POST', '/api/v1/auth/refresh', { refreshToken: learner.refreshToken }),
  );
}

async function login(agent, learner) {
  const { email, password } = learner;
  return renewed(learner, await send(agent, {}, 'POST', '/api/v1/auth/login', { email, password }));
}

function renewed(learner, { status, body }) {
  if (status === 200) {
    const { accessToken, refreshToken } = JSON.parse(body);
    Object.assign(learner, { accessToken, refreshToken });
  }
  return status;
}

function send(agent, { accessToken }, method, path, body) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    // Pages as a browser takes them; what is read here comes as it is.
    ...(method === 'GET' ? { 'accept-encoding': 'gzip' } : {}),
    ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
    ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(origin + path, { agent, method, headers, timeout: 30_000 }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, body: method === 'GET' ? '' : Buffer.concat(chunks).toString() }),
      );
      response.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    sent.on('error', reject);
    sent.end(text);
  });
}

function think(ms) {
  const left = until - performance.now();
  return new Promise((resolve) => setTimeout(resolve, Math.min(ms, Math.max(0, left))));
}

function percentile(values, share) {
  if (values.length === 0) return 0;
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
