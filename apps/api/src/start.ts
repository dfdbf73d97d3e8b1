import type { AddressInfo } from 'node:net';
import { CacheWarmer } from '@app/cache';
import type { AppConfig } from '@app/config';
import { ExamContentLoader } from '@app/exams';
import { QuestionContentLoader } from '@app/questions';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './create-app.js';
import { DEMO_ACCOUNTS, FirstAccounts } from './first-accounts.js';
import { openDatabase } from './open-database.js';
import type { ProgressReport } from './progress-report.js';

/** A running installation. */
export interface Running {
  readonly app: NestFastifyApplication;
  readonly shutdownTimeoutMs: number;
  /** Drains, closes and flushes; safe to call once. */
  readonly stop: () => Promise<void>;
}

/** Starts everything the configuration asks for, and says where it is. */
export async function start(config: AppConfig, progress: ProgressReport): Promise<Running> {
  const { runtime, close } = await openDatabase(config, progress);
  try {
    const app = await progress.step('Connecting and applying migrations', () => createApp(config, runtime));
    await progress.step('Loading content', () => loadContent(app, config));
    await progress.step('Preparing accounts', () => prepareAccounts(app, config));
    await app.listen({ port: config.http.port, host: config.http.host });
    announce(app, config, progress);
    void app.get(CacheWarmer).run('start');
    return {
      app,
      shutdownTimeoutMs: config.http.shutdownTimeoutMs,
      stop: async () => {
        await app.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function loadContent(app: NestFastifyApplication, { contentDir }: AppConfig): Promise<void> {
  await app.get(QuestionContentLoader).load(contentDir);
  await app.get(ExamContentLoader).load(contentDir);
}

async function prepareAccounts(app: NestFastifyApplication, { accounts }: AppConfig): Promise<void> {
  const first = app.get(FirstAccounts);
  await first.demo(accounts.demo);
  if (accounts.admin !== undefined) await first.admin(accounts.admin);
}

function announce(
  app: NestFastifyApplication,
  { http, accounts, database, cache }: AppConfig,
  progress: ProgressReport,
): void {
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://${http.host === '0.0.0.0' || http.host === '127.0.0.1' ? 'localhost' : http.host}:${port}`;
  const lines = [
    '',
    `Mockingbird is ready after ${progress.seconds} s (${database.url === undefined ? 'embedded database' : 'Postgres'}, ${cache.type} stores).`,
    '',
    `  API      ${url}/api/v1`,
    `  Swagger  ${url}/docs`,
    `  Health   ${url}/health`,
    `  Metrics  ${url}/metrics`,
    '',
    ...(accounts.demo
      ? [
          'Demo accounts:',
          ...DEMO_ACCOUNTS.map(({ role, email, password }) => `  ${role.padEnd(8)} ${email}  ${password}`),
          '',
        ]
      : []),
    'Ctrl-C stops it.',
  ];
  for (const line of lines) progress.line(line);
}
