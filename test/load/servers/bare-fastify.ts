import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordedResponse } from '../cached-read/recorded-response.ts';
import type { LaunchContext } from './launch-context.ts';
import { startNodeServer, type NodeServer } from './node-server.ts';

/** Node writes these itself, as it did in the recorded answer. */
const WRITTEN_BY_NODE = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']);

/** The ceiling: Fastify replaying one recorded answer to requests of the same bytes. */
export async function startBareFastify(page: RecordedResponse, context: LaunchContext): Promise<NodeServer> {
  const file = join(context.folder, 'recorded-response.json');
  const headers = page.headers.filter(([name]) => !WRITTEN_BY_NODE.has(name.toLowerCase()));
  await writeFile(file, JSON.stringify({ headers, body: page.body.toString('base64') }));
  return startNodeServer(
    {
      name: 'bare Fastify',
      script: join(import.meta.dirname, '../peers/bare-fastify/server.ts'),
      env: { NODE_ENV: 'production', RECORDED_RESPONSE: file },
    },
    context,
  );
}
