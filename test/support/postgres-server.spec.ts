import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Client, type ClientConfig } from 'pg';
import { PostgresServer } from './postgres-server.js';
import { processTree, survivors } from './process-tree.js';

jest.setTimeout(60_000);

let server: PostgresServer;
const clients: Client[] = [];

async function connect(config: ClientConfig = {}): Promise<Client> {
  const client = new Client({
    connectionString: server.url(),
    connectionTimeoutMillis: 5_000,
    ...config,
  });
  client.on('error', () => {});
  clients.push(client);
  await client.connect();
  return client;
}

async function select(expression: string): Promise<unknown> {
  const client = await connect();
  const { rows } = await client.query<{ value: unknown }>(`SELECT ${expression} AS value`);
  await client.end();
  return rows[0]?.value;
}

beforeAll(async () => {
  server = await PostgresServer.start();
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end().catch(() => undefined)));
});

afterAll(async () => {
  await server.stop();
});

describe('PostgresServer', () => {
  it('answers queries, syncs by default and keeps time in UTC', async () => {
    expect(await select("current_setting('fsync')")).toBe('on');
    expect(await select("current_setting('max_connections')")).toBe('200');
    expect(await select("current_setting('TimeZone')")).toBe('UTC');
    expect(await select("lower('ÉTÉ')")).toBe('été');
  });

  it('gives every database a name of its own', async () => {
    const [one, other] = await Promise.all([server.createDatabase(), server.createDatabase()]);
    expect(one).not.toBe(other);
    const client = await connect({ connectionString: one });
    expect((await client.query('SELECT 1')).rowCount).toBe(1);
  });

  it('leaves a query without an answer while paused, and answers it once resumed', async () => {
    const client = await connect();
    await server.pause();
    let answered = false;
    const answer = client.query<{ one: number }>('SELECT 1 AS one').then(({ rows }) => {
      answered = true;
      return rows;
    });
    await sleep(300);
    expect(answered).toBe(false);
    await server.resume();
    expect(await answer).toEqual([{ one: 1 }]);
  });

  it('lets a client time out while paused, on an old connection and on a new one', async () => {
    const client = await connect({ query_timeout: 200 });
    await server.pause();
    try {
      await expect(client.query('SELECT 1')).rejects.toThrow('timeout');
      await expect(connect({ connectionTimeoutMillis: 200 })).rejects.toThrow('timeout');
    } finally {
      await server.resume();
    }
    expect(await select('1')).toBe(1);
  });

  it('keeps what was committed, and only that, when killed and restarted', async () => {
    const client = await connect();
    const url = server.url();
    await client.query('CREATE TABLE kept (number int)');
    await client.query('INSERT INTO kept VALUES (42)');
    await client.query('BEGIN');
    await client.query('INSERT INTO kept VALUES (43)');
    const pids = (await processTree(server.pid as number)).map(({ pid }) => pid);
    expect(pids.length).toBeGreaterThan(2);

    await server.kill();
    expect(await survivors(pids)).toEqual([]);
    await expect(connect()).rejects.toThrow('ECONNREFUSED');

    await server.restart();
    expect(server.url()).toBe(url);
    expect(await select('(SELECT array_agg(number) FROM kept)')).toEqual([42]);
  });

  it('restarts a running server in order', async () => {
    const before = server.pid;
    await server.restart();
    expect(server.pid).not.toBe(before);
    expect(await select('1')).toBe(1);
  });
});

describe('PostgresServer.stop', () => {
  it.each(['running', 'paused', 'killed'] as const)('leaves no process and no folder of a %s server', async (state) => {
    const mine = await PostgresServer.start({ durable: false });
    const client = await connect({ connectionString: mine.url() });
    expect((await client.query<{ fsync: string }>('SHOW fsync')).rows).toEqual([{ fsync: 'off' }]);
    const pids = (await processTree(mine.pid as number)).map(({ pid }) => pid);
    if (state === 'paused') await mine.pause();
    if (state === 'killed') await mine.kill();
    await mine.stop();
    expect(await survivors(pids)).toEqual([]);
    expect(existsSync(mine.folder)).toBe(false);
    await mine.stop();
  });

  it('leaves nothing of a server that could not start, and says why', async () => {
    const start = PostgresServer.start({ settings: { max_connections: 'many' } });
    await expect(start).rejects.toThrow(/invalid value for parameter "max_connections"/);
  });

  it('refuses a port that is taken when it was asked for by number', async () => {
    await expect(PostgresServer.start({ port: server.port })).rejects.toThrow(/address already in use/i);
  });
});
