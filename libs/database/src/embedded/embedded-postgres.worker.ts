import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import type { EmbeddedPostgresSettings } from './embedded-postgres.js';

const MAX_CONNECTIONS = 110;

const { dataDir, socketPath } = workerData as EmbeddedPostgresSettings;
const database = await PGlite.create(dataDir);
const server = new PGLiteSocketServer({ db: database, path: socketPath, maxConnections: MAX_CONNECTIONS });
await server.start();
parentPort?.postMessage('ready');

if (parentPort !== null) await once(parentPort, 'message');
await server.stop();
await database.close();
process.exit(0);
