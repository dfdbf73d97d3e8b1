import { runSql } from '../../support/run-sql.js';
import type { Learner } from '../generators/learners.ts';

const PASSWORD = 'plum-kettle-94-river';
/** At the same time: what the product lets hash at once, and a few that wait. */
const AT_ONCE = 8;

export interface School {
  readonly origin: string;
  readonly databaseUrl: string;
  readonly exam: string;
}

/** So many accounts, each logged in, in an attempt of the exam. */
export async function enrol(count: number, school: School): Promise<Learner[]> {
  const emails = await createAccounts(count, school);
  const learners: Learner[] = [];
  const waiting = emails.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const email of waiting) learners.push(await begin(email, school));
    }),
  );
  return learners;
}

/** One registers; the others are rows with the same password: hashing thousands is not what is measured. */
async function createAccounts(count: number, { origin, databaseUrl }: School): Promise<string[]> {
  const pattern = `learner-${crypto.randomUUID()}`;
  const first = `${pattern}@example.org`;
  await post(origin, 'auth/register', { email: first, password: PASSWORD });
  await runSql(
    databaseUrl,
    `INSERT INTO users (id, email, display_name, password_hash, roles)
     SELECT gen_random_uuid(), $2 || '-' || number || '@example.org', 'Learner ' || number, password_hash, roles
     FROM users, generate_series(1, $3::int) number WHERE email = $1`,
    [first, pattern, count],
  );
  return Array.from({ length: count }, (_, index) => `${pattern}-${index + 1}@example.org`);
}

async function begin(email: string, { origin, exam }: School): Promise<Learner> {
  const tokens = await post(origin, 'auth/login', { email, password: PASSWORD });
  const { accessToken, refreshToken } = tokens as { accessToken: string; refreshToken: string };
  const attempt = await post(origin, `exams/${exam}/attempts`, undefined, accessToken);
  const { id, revision } = attempt as { id: string; revision: number };
  return { email, password: PASSWORD, accessToken, refreshToken, attempt: { id, revision, questions: 20 } };
}

async function post(origin: string, path: string, body?: object, accessToken?: string): Promise<object> {
  const response = await fetch(`${origin}/api/v1/${path}`, {
    method: 'POST',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
  return (await response.json()) as object;
}
