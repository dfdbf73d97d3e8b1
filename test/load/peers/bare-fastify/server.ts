import { readFileSync } from 'node:fs';
import { fastify } from 'fastify';

const recorded = JSON.parse(readFileSync(process.env['RECORDED_RESPONSE']!, 'utf8')) as {
  readonly headers: readonly [name: string, value: string][];
  readonly body: string;
};
const headers = combine(recorded.headers);
const body = Buffer.from(recorded.body, 'base64');

const app = fastify();
app.get('/health/ready', () => 'ready');
app.get('/api/v1/questions', (_request, reply) => reply.headers(headers).send(body));
process.once('SIGTERM', () => process.exit());
await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });

/** One entry a name, as Node writes a header that occurs more than once. */
function combine(pairs: readonly [string, string][]): Record<string, string | string[]> {
  const result: Record<string, string | string[]> = {};
  for (const [name, value] of pairs) {
    const before = result[name];
    result[name] = before === undefined ? value : [before, value].flat();
  }
  return result;
}
