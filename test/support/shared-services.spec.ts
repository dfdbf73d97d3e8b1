import { Redis } from 'ioredis';
import { Client } from 'pg';
import { freshDatabase } from './fresh-database.js';
import { freshRedis } from './fresh-redis.js';
import { sharedDatabaseUrl, sharedRedisAddr } from './shared-services.js';

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

describe('the services a test run shares', () => {
  it('answer where the global setup said', async () => {
    expect(await query(sharedDatabaseUrl(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const redis = new Redis(`redis://${sharedRedisAddr()}`);
    expect(await redis.ping()).toBe('PONG');
    redis.disconnect();
  });
});

describe('freshDatabase', () => {
  it('gives each caller an empty database of its own', async () => {
    const [one, other] = await Promise.all([freshDatabase(), freshDatabase()]);
    await query(one.url, 'CREATE TABLE items (number int)');
    expect(await query(other.url, "SELECT to_regclass('items') AS items")).toEqual([{ items: null }]);
    await Promise.all([one.drop(), other.drop()]);
  });

  it('copies a template', async () => {
    const template = await freshDatabase();
    await query(template.url, 'CREATE TABLE items AS SELECT 7 AS number');
    const copy = await freshDatabase(template.url);
    expect(await query(copy.url, 'SELECT number FROM items')).toEqual([{ number: 7 }]);
    await Promise.all([copy.drop(), template.drop()]);
  });

  it('drops a database that is still in use', async () => {
    const { url, drop } = await freshDatabase();
    const client = new Client({ connectionString: url });
    client.on('error', () => {});
    await client.connect();
    await drop();
    await expect(query(url, 'SELECT 1')).rejects.toThrow('does not exist');
    await drop();
  });
});

describe('freshRedis', () => {
  it('gives each caller a server of its own', async () => {
    const [one, other] = await Promise.all([freshRedis(), freshRedis()]);
    expect(one.addr).not.toBe(other.addr);
    const clients = [one, other].map(({ addr }) => new Redis(`redis://${addr}`));
    await clients[0]?.set('k', 'v');
    expect(await clients[1]?.get('k')).toBeNull();
    for (const client of clients) client.disconnect();
    await Promise.all([one.stop(), other.stop()]);
  });
});
