/** The floor of a rotation: Fastify, and one `UPDATE ... RETURNING` of one row. */
import { fastify } from 'fastify';
import { Pool } from 'pg';

const pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: 25 });
await pool.query(`
  CREATE TABLE bare_sessions (id int PRIMARY KEY, generation int NOT NULL, rotated_at timestamptz NOT NULL)
  WITH (fillfactor = 75)`);
await pool.query('INSERT INTO bare_sessions SELECT id, 0, now() FROM generate_series(0, 999) id');

const app = fastify();
app.get('/health/ready', () => 'ready');
// oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Fastify, not Express
app.post('/refresh', async (request) => {
  const { refreshToken } = request.body as { readonly refreshToken: string };
  const { rows } = await pool.query<{ generation: number }>({
    name: 'rotate',
    text: 'UPDATE bare_sessions SET generation = generation + 1, rotated_at = now() WHERE id = $1 RETURNING generation',
    values: [refreshToken],
  });
  return { refreshToken, generation: rows[0]?.generation };
});
process.once('SIGTERM', () => process.exit());
await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
