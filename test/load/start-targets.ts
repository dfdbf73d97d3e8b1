import { recordCacheHit } from './check-target.ts';
import { requireSameBytes, requireSameJson, requireSameWeight } from './compare-responses.ts';
import { madeUpPage } from './made-up-page.ts';
import { startMockingbird } from './mockingbird.ts';
import type { BenchOptions } from './options.ts';
import type { RecordedResponse } from './recorded-response.ts';
import { startBareFastify } from './servers/bare-fastify.ts';
import type { LaunchContext } from './servers/launch-context.ts';
import { hasRedisServer, startRedisServer } from './servers/redis-server.ts';
import type { RunningTarget } from './servers/running-target.ts';
import { startStockNest } from './servers/stock-nest.ts';

export interface Targets {
  readonly bare: RunningTarget;
  readonly stock: RunningTarget;
  readonly mockingbirds: readonly RunningTarget[];
  readonly pageBytes: number;
  /** What was left out, and why. */
  readonly omissions: readonly string[];
}

interface Page {
  readonly response: RecordedResponse;
  readonly requestHeaders: Record<string, string>;
}

/** Starts everything and checks that all send the same page. What is started is added to `stack`. */
export async function startTargets(
  options: BenchOptions,
  context: LaunchContext,
  stack: AsyncDisposableStack,
): Promise<Targets> {
  const { signal } = context;
  const memory = options.peersOnly ? undefined : stack.use(await startMockingbird(options, context));
  const page = memory === undefined ? peersOnlyPage() : await recordPage(memory, signal);

  const bare = stack.use(await startBareFastify(page.response, page.requestHeaders, context));
  const replay = await recordPage(bare, signal);
  if (memory !== undefined) requireSameBytes(bare.name, page.response, replay.response);

  const { throttleWindowMs } = options;
  const stock = stack.use(await startStockNest({ page: page.response.body, throttleWindowMs }, context));
  requireSameJson(stock.name, page.response, (await recordPage(stock, signal)).response);

  const targets = { bare, stock, pageBytes: page.response.body.length };
  if (memory === undefined) return { ...targets, mockingbirds: [], omissions: ['Mockingbird: --peers-only'] };
  if (!hasRedisServer()) {
    return {
      ...targets,
      mockingbirds: [memory],
      omissions: ['Redis mode: no redis-server on PATH'],
    };
  }
  const redis = stack.use(await startRedisServer(context));
  const shared = stack.use(await startMockingbird({ ...options, redisAddress: redis.address }, context));
  requireSameWeight(shared.name, page.response, (await recordPage(shared, signal)).response);
  return { ...targets, mockingbirds: [memory, shared], omissions: [] };
}

async function recordPage(target: RunningTarget, signal: AbortSignal): Promise<Page> {
  const requestHeaders = await target.authorize();
  return { response: await recordCacheHit(target, requestHeaders, signal), requestHeaders };
}

function peersOnlyPage(): Page {
  return { response: madeUpPage(), requestHeaders: { authorization: `Bearer ${'x'.repeat(200)}` } };
}
