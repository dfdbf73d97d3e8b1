import { ADMIN, caller, type Pair } from './pair.ts';

const PARTS = 7;
const LONGEST_PAGE = 60;
const REQUESTS = 4000;

export interface HitRate {
  readonly hits: number;
  readonly requests: number;
  /** What an instance holds in its memory, on average. */
  readonly localBytes: number;
}

/**
 * Pages of questions in an order that is the same each time: few are asked for often and many seldom (Zipf), in turn on
 * one instance and the other, beginning with cold caches.
 */
export async function measureHitRate({ instances }: Pair): Promise<HitRate> {
  const learner = await caller(instances[0]);
  const admin = await caller(instances[0], ADMIN);
  const emptied = await admin.ask(instances[0], 'POST', 'admin/cache/invalidate', { namespaces: ['questions'] });
  if (emptied.status !== 204) throw new Error(`The cache was not emptied: ${JSON.stringify(emptied.body)}`);
  const there = await admin.ask(instances[1], 'POST', 'admin/cache/invalidate', { namespaces: ['questions'] });
  if (there.status !== 204) throw new Error(`The cache was not emptied: ${JSON.stringify(there.body)}`);
  const next = zipf(PARTS * LONGEST_PAGE);
  let hits = 0;
  for (let request = 0; request < REQUESTS; request += 1) {
    const page = next();
    const path = `questions?part=${(page % PARTS) + 1}&limit=${Math.floor(page / PARTS) + 1}`;
    const { status, cacheStatus } = await learner.ask(instances[request % 2] as (typeof instances)[0], 'GET', path);
    if (status !== 200) throw new Error(`${path} answered ${status}`);
    if (cacheStatus.includes('hit')) hits += 1;
  }
  const sizes = await Promise.all(
    instances.map(async (instance) => {
      const { body } = await admin.ask(instance, 'GET', 'admin/cache/statistics');
      const { namespaces } = body as { namespaces: { local: { sizeBytes: number } }[] };
      return namespaces.reduce((sum, { local }) => sum + local.sizeBytes, 0);
    }),
  );
  return { hits, requests: REQUESTS, localBytes: sizes.reduce((sum, size) => sum + size, 0) / sizes.length };
}

/** Numbers below `count`: the first ten times as often as the tenth, and so on. The same sequence each time. */
function zipf(count: number): () => number {
  const cumulated: number[] = [];
  let sum = 0;
  for (let rank = 1; rank <= count; rank += 1) cumulated.push((sum += 1 / rank));
  let seed = 20_261_127;
  return () => {
    // Numerical Recipes' linear congruential generator.
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const wanted = (seed / 2 ** 32) * sum;
    return cumulated.findIndex((value) => value >= wanted);
  };
}
