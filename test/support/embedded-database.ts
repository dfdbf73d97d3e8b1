import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

/** The embedded database as the product runs it, but for the worker thread: one session behind a Unix socket. */
export async function embeddedDatabase(): Promise<{ socketDir: string; stop(): Promise<void> }> {
  const socketDir = await mkdtemp(join(tmpdir(), 'embedded-'));
  const db = await PGlite.create();
  const server = new PGLiteSocketServer({ db, path: join(socketDir, '.s.PGSQL.5432'), maxConnections: 20 });
  await server.start();
  return {
    socketDir,
    stop: async () => {
      await server.stop();
      await db.close();
      await rm(socketDir, { recursive: true, force: true });
    },
  };
}
