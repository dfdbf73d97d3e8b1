import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DataFolderLock } from './data-folder-lock.js';

/** What the worker is started with, and what it says. */
export interface EmbeddedPostgresSettings {
  readonly dataDir: string;
  readonly socketPath: string;
}

/**
 * Postgres in WebAssembly (PGlite) for machines without a server. It runs in a worker thread, so that a statement
 * does not block the event loop, and serves the ordinary wire protocol on a Unix socket only this user can open.
 * One process at a time may use a data folder.
 */
export class EmbeddedPostgres {
  private constructor(
    readonly socketDir: string,
    private readonly worker: Worker,
    private readonly lock: DataFolderLock,
  ) {}

  /** @param dataDir kept across restarts; created when missing */
  static async start(dataDir: string): Promise<EmbeddedPostgres> {
    const folder = resolve(dataDir);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const lock = DataFolderLock.take(folder);
    const socketDir = mkdtempSync(join(tmpdir(), 'mockingbird-'));
    const settings: EmbeddedPostgresSettings = {
      dataDir: join(folder, 'postgres'),
      socketPath: join(socketDir, '.s.PGSQL.5432'),
    };
    const worker = new Worker(new URL('embedded-postgres.worker.js', import.meta.url), { workerData: settings });
    try {
      await once(worker, 'message');
    } catch (error) {
      lock.release();
      throw error;
    }
    worker.unref();
    return new EmbeddedPostgres(socketDir, worker, lock);
  }

  /** Flushes and stops; only after the pool is closed. */
  async stop(): Promise<void> {
    this.worker.ref();
    const exited = once(this.worker, 'exit');
    this.worker.postMessage('close');
    await exited;
    rmSync(this.socketDir, { recursive: true, force: true });
    this.lock.release();
  }
}
