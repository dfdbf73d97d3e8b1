import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Redis, type RedisOptions } from 'ioredis';
import { survivors } from './process-tree.js';
import { RedisServer } from './redis-server.js';

jest.setTimeout(30_000);

let server: RedisServer;
const clients: Redis[] = [];

function connect(to: RedisServer = server, options: RedisOptions = {}): Redis {
  const client = new Redis({ host: '127.0.0.1', port: to.port, ...options });
  client.on('error', () => {});
  clients.push(client);
  return client;
}

beforeAll(async () => {
  server = await RedisServer.start();
});

afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});

afterAll(async () => {
  await server.stop();
});

describe('RedisServer', () => {
  it('answers commands at its address', async () => {
    expect(server.addr).toBe(`127.0.0.1:${server.port}`);
    expect(await connect().ping()).toBe('PONG');
  });

  it('passes arguments on', async () => {
    const small = await RedisServer.start({ args: ['--maxmemory', '3mb'] });
    expect(await connect(small).config('GET', 'maxmemory')).toEqual(['maxmemory', '3145728']);
    await small.stop();
  });

  it('leaves a command without an answer while paused, and answers it once resumed', async () => {
    const client = connect();
    await client.ping();
    await server.pause();
    let answered = false;
    const answer = client.ping().then((pong) => {
      answered = true;
      return pong;
    });
    await sleep(200);
    expect(answered).toBe(false);
    await server.resume();
    expect(await answer).toBe('PONG');
  });

  it('lets a client time out while paused', async () => {
    const client = connect(server, { commandTimeout: 200 });
    await client.ping();
    await server.pause();
    try {
      await expect(client.ping()).rejects.toThrow('Command timed out');
    } finally {
      await server.resume();
    }
  });

  it('forgets everything on flushAll', async () => {
    const client = connect();
    await client.set('k', 'v');
    await server.flushAll();
    expect(await client.get('k')).toBeNull();
  });

  it('comes back empty on the same port when killed without persistence', async () => {
    const { addr, pid } = server;
    await connect().set('k', 'v');
    await server.kill();
    expect(await survivors([pid as number])).toEqual([]);
    await server.restart();
    expect(server.addr).toBe(addr);
    expect(server.pid).not.toBe(pid);
    expect(await connect().get('k')).toBeNull();
  });

  it('keeps acknowledged writes when killed with persistence', async () => {
    const durable = await RedisServer.start({ persistence: true });
    await connect(durable).set('k', 'v');
    await durable.kill();
    await durable.restart();
    expect(await connect(durable).get('k')).toBe('v');
    await durable.stop();
  });
});

describe('RedisServer.stop', () => {
  it.each(['running', 'paused', 'killed'] as const)('leaves no process and no folder of a %s server', async (state) => {
    const mine = await RedisServer.start();
    const pid = mine.pid as number;
    if (state === 'paused') await mine.pause();
    if (state === 'killed') await mine.kill();
    await mine.stop();
    expect(await survivors([pid])).toEqual([]);
    expect(existsSync(mine.folder)).toBe(false);
    await mine.stop();
  });

  it('leaves nothing of a server that could not start, and says why', async () => {
    await expect(RedisServer.start({ args: ['--no-such-option', '1'] })).rejects.toThrow(/no-such-option/);
  });

  it('refuses a port that is taken when it was asked for by number', async () => {
    await expect(RedisServer.start({ port: server.port })).rejects.toThrow(/address already in use/i);
  });
});
