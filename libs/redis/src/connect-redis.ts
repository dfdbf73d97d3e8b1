import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggerService } from '@nestjs/common';
import type { RedisClient } from './redis-client.js';

const WAIT_MS = 10_000;
const POLL_MS = 50;

/**
 * Connects, waiting up to 10 s. A Redis that is still away then does not stop the start: readiness says so, the
 * client keeps reconnecting, and features run degraded.
 */
export async function connectRedis(client: RedisClient, logger: Pick<LoggerService, 'log' | 'warn'>): Promise<void> {
  let lastError = '';
  client.on('error', (error: Error) => {
    if (error.message !== lastError) logger.warn(`Redis: ${error.message}`);
    lastError = error.message;
  });
  client.on('ready', () => {
    if (lastError !== '') logger.log('Redis is back');
    lastError = '';
  });
  client.connect().catch(() => undefined);
  const deadline = Date.now() + WAIT_MS;
  while (client.status !== 'ready' && Date.now() < deadline) await sleep(POLL_MS);
  if (client.status !== 'ready') logger.warn('Starting without Redis');
}
