import { bearerLogin } from '../servers/bearer-login.ts';
import { startBareFastify } from '../servers/bare-fastify.ts';
import { startRedis } from '../servers/databases.ts';
import { LEARNER, startMockingbird } from '../servers/mockingbird.ts';
import { startStockNest } from '../servers/stock-nest.ts';
import type { SuiteContext } from '../suite.ts';
import { requireSameBytes, requireSameJson, requireSameWeight } from './compare-responses.ts';
import { madeUpPage } from './made-up-page.ts';
import { recordPage, saysHit, type Page, type PageServer } from './page.ts';
import { headerOf } from './recorded-response.ts';

export interface PageServers {
  readonly bare: PageServer;
  readonly stock: PageServer;
  readonly mockingbirds: readonly PageServer[];
  readonly pageBytes: number;
}

/** Starts everything and checks that all send the same page. */
export async function startServers({ options, launch, stack }: SuiteContext): Promise<PageServers> {
  const { signal } = launch;
  const memory = options.peersOnly ? undefined : stack.use(await mockingbird('memory', {}));
  const page: Page =
    memory === undefined
      ? { response: madeUpPage(), requestHeaders: { authorization: `Bearer ${'x'.repeat(200)}` } }
      : await recordPage(memory, signal);

  const bare: PageServer = {
    ...stack.use(await startBareFastify(page.response, launch)),
    authorize: () => Promise.resolve(page.requestHeaders),
    isCacheHit: () => true,
  };
  if (memory !== undefined) requireSameBytes(bare.name, page.response, (await recordPage(bare, signal)).response);

  const { throttleWindowMs } = options;
  const stockNest = stack.use(await startStockNest({ page: page.response.body, throttleWindowMs }, launch));
  const stock: PageServer = {
    ...stockNest,
    authorize: () => bearerLogin(stockNest.origin, { email: 'learner@example.com', password: 'unchecked' }),
    isCacheHit: (response) => headerOf(response, 'x-cache') === 'HIT',
  };
  requireSameJson(stock.name, page.response, (await recordPage(stock, signal)).response);

  const servers = { bare, stock, pageBytes: page.response.body.length };
  if (memory === undefined) return { ...servers, mockingbirds: [] };
  const redis = { CACHE_TYPE: 'redis', REDIS_ADDR: await startRedis(launch, stack) };
  const shared = stack.use(await mockingbird('redis', redis));
  requireSameWeight(shared.name, page.response, (await recordPage(shared, signal)).response);
  return { ...servers, mockingbirds: [memory, shared] };

  async function mockingbird(mode: string, env: Record<string, string>): Promise<PageServer> {
    const server = await startMockingbird({ name: `Mockingbird (${mode})`, env }, launch);
    return { ...server, authorize: () => bearerLogin(server.origin, LEARNER), isCacheHit: saysHit };
  }
}
