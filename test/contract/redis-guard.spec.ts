import { CircuitBreaker } from '@app/resilience';
import { createRedisClient, type RedisClient } from '@app/redis';
import { eventually } from '../support/eventually.js';
import { RedisServer } from '../support/redis-server.js';
import { readiness } from './contract-runs.js';

let server: RedisServer;
let client: RedisClient;
let breaker: CircuitBreaker;

beforeEach(async () => {
  server = await RedisServer.start();
  client = createRedisClient(server.addr, {
    breakerFor: (_server, probe) => (breaker = new CircuitBreaker(probe)),
  });
  client.on('error', () => undefined);
  await client.connect();
  await readiness(client);
});
afterEach(async () => {
  client.disconnect();
  await server.stop();
});

const failuresOf = async (calls: number) => {
  const outcomes = await Promise.allSettled(Array.from({ length: calls }, () => client.get('k')));
  return outcomes.filter(({ status }) => status === 'rejected').length;
};

describe('the connection to Redis', () => {
  it('is given up when the server is silent, and everything fails at once from then on', async () => {
    await server.pause();
    const startedAt = performance.now();
    expect(await failuresOf(10)).toBe(10);
    const waitedMs = performance.now() - startedAt;
    const again = performance.now();
    expect(await failuresOf(10)).toBe(10);
    expect(performance.now() - again).toBeLessThan(waitedMs / 2);
    await server.resume();
    await eventually(async () => expect(await failuresOf(1)).toBe(0));
  });

  it('is not given up by a process that was busy itself while the answer came in', async () => {
    await client.set('k', 'v');
    let lost = 0;
    client.on('close', () => (lost += 1));
    const answer = client.get('k');
    // Written when this turn of the event loop ends, and answered while the next one is held up.
    await new Promise((resolve) => setImmediate(resolve));
    const until = performance.now() + 400;
    while (performance.now() < until);
    expect(await answer).toBe('v');
    expect(lost).toBe(0);
  });

  it('opens its breaker while commands fail, and closes it within seconds once the server is back', async () => {
    await server.kill();
    await failuresOf(30);
    expect(breaker.permits).toBe(false);
    await server.restart();
    await eventually(() => expect(breaker.permits).toBe(true), 5000);
    expect(await failuresOf(5)).toBe(0);
  });

  it('fails all commands of a pipeline at once while the breaker is open, and hangs on none', async () => {
    for (let call = 0; call < 30; call += 1) breaker.record(false);
    expect(breaker.permits).toBe(false);
    const outcomes = await Promise.allSettled([client.get('a'), client.set('b', '1'), client.ping()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await eventually(() => expect(breaker.permits).toBe(true), 5000);
    expect(await client.get('b')).toBeNull();
  });

  it('takes an answer that is an error for an answer, and a server that cannot write for one that is unwell', async () => {
    await client.set('text', 'v');
    for (let time = 0; time < 40; time += 1) await client.incr('text').catch(() => undefined);
    expect(breaker.permits).toBe(true);
    await client.config('SET', 'maxmemory', '1');
    for (let time = 0; time < 60; time += 1) await client.set('more', 'v').catch(() => undefined);
    expect(breaker.permits).toBe(false);
  });
});
