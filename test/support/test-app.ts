import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@app/config';
import { ExamContentLoader } from '@app/exams';
import { QuestionContentLoader } from '@app/questions';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../apps/api/src/create-app.js';
import { DEMO_ACCOUNTS, FirstAccounts } from '../../apps/api/src/first-accounts.js';
import { freshDatabase } from './fresh-database.js';
import { freshRedis } from './fresh-redis.js';
import { Outbox } from './outbox.js';
import { temporaryContent } from './temporary-content.js';

/** Where cache, tokens, limits and the realtime bus live. */
export type StoreMode = 'memory' | 'redis';
export const STORE_MODES: readonly StoreMode[] = ['memory', 'redis'];

/** The whole application on a database of its own, listening on a free port. */
export interface TestApp {
  readonly app: NestFastifyApplication;
  /** E.g. `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly databaseUrl: string;
  readonly redisAddr: string | undefined;
  /** The letters it wrote. */
  readonly outbox: Outbox;
  stop(): Promise<void>;
}

export interface TestAppOptions {
  readonly mode: StoreMode;
  /** Further environment variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Joins the database and Redis of another one, as a second instance does. */
  readonly beside?: Pick<TestApp, 'databaseUrl' | 'redisAddr'>;
  /** Modules beside the product's own. */
  readonly features?: readonly Type[];
}

export const SECRET = 'Kq3nV8rTz1xWb6mYc4Lf9hJd2sGp7aEu';

export async function startTestApp({ mode, environment = {}, beside, features }: TestAppOptions): Promise<TestApp> {
  const database = beside === undefined ? await freshDatabase() : { url: beside.databaseUrl, drop: async () => {} };
  const redis = mode === 'redis' && beside === undefined ? await freshRedis() : undefined;
  const databaseUrl = database.url;
  const redisAddr = beside?.redisAddr ?? redis?.addr;
  const sample = environment['CONTENT_DIR'] === undefined ? await temporaryContent() : undefined;
  const dataDir = environment['DATA_DIR'] ?? (await mkdtemp(join(tmpdir(), 'data-')));
  const config = loadConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'error',
    PORT: '0',
    DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl,
    DB_POOL_MIN: '1',
    AUTH_SECRET: SECRET,
    CACHE_TYPE: mode,
    REDIS_ADDR: redisAddr,
    RATE_LIMIT_REQUESTS: '1000000',
    RATE_LIMIT_BURST: '1000000',
    AUTH_RATE_LIMIT_REQUESTS: '1000',
    AUTH_RATE_LIMIT_BURST: '1000',
    ...(sample === undefined ? {} : { CONTENT_DIR: sample.dir }),
    ...environment,
  });
  const app = await createApp(config, { database: { url: databaseUrl }, secret: SECRET }, features);
  await app.get(QuestionContentLoader).load(config.contentDir);
  await app.get(ExamContentLoader).load(config.contentDir);
  await app.get(FirstAccounts).demo(true);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    app,
    url: `http://127.0.0.1:${port}`,
    databaseUrl,
    redisAddr,
    outbox: new Outbox(dataDir),
    stop: async () => {
      await app.close();
      if (environment['DATA_DIR'] === undefined) await rm(dataDir, { recursive: true, force: true });
      await sample?.remove();
      await redis?.stop();
      await database.drop();
    },
  };
}

/** E-mail address and password of the demo account with a role. */
export function demoAccount(role: 'learner' | 'teacher' | 'admin'): { email: string; password: string } {
  const { email, password } = DEMO_ACCOUNTS.find((account) => account.role === role) as (typeof DEMO_ACCOUNTS)[number];
  return { email, password };
}
