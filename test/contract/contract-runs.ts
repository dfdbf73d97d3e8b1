import type { ContractCase } from '@app/contract';
import { createRedisClient, type RedisClient } from '@app/redis';
import { RedisServer } from '../support/redis-server.js';

/** Runs every case; gives the names of those that fail. */
export async function failuresOf(cases: readonly ContractCase[]): Promise<string[]> {
  const failures: string[] = [];
  for (const each of cases) {
    try {
      await each.run();
    } catch {
      failures.push(each.name);
    }
  }
  return failures;
}

export interface OwnRedis {
  readonly server: RedisServer;
  readonly client: RedisClient;
  close(): Promise<void>;
}

/** A busy machine is no outage. */
const PATIENT_MS = 20_000;

/**
 * A Redis of the caller's own, and the product's client connected to it; more patient than in the product, unless
 * the product's patience is what is looked at.
 */
export async function ownRedis({ patient = true } = {}): Promise<OwnRedis> {
  const server = await RedisServer.start();
  const client = createRedisClient(server.addr, patient ? { answerWithinMs: PATIENT_MS } : {});
  client.on('error', () => undefined);
  // Each case makes an adapter of its own on this connection.
  client.setMaxListeners(0);
  await client.connect();
  await readiness(client);
  return {
    server,
    client,
    close: async () => {
      client.disconnect();
      await server.stop();
    },
  };
}

/** Waits until the client has a connection (again). */
export async function readiness(client: RedisClient): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (client.status !== 'ready') {
    if (Date.now() > deadline) throw new Error(`Redis client is ${client.status}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
