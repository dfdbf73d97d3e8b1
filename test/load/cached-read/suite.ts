import { describeConditions } from '../report/conditions.ts';
import { formatSection } from '../report/section.ts';
import { runRounds, type Series } from '../rounds.ts';
import type { Suite } from '../suite.ts';
import { pageReader } from './page.ts';
import { startServers } from './start-servers.ts';

/** The authenticated cached read, against bare Fastify and a stock Nest application. */
export const cachedRead: Suite = {
  name: 'cached-read',
  async run(context) {
    const { options, launch, generator } = context;
    const { bare, stock, mockingbirds, pageBytes } = await startServers(context);
    const conditions = describeConditions(
      context,
      `Page: ${pageBytes} bytes of JSON, not compressed; throttler window of stock Nest: ${options.throttleWindowMs} ms`,
    );
    const load = { generator, seconds: options.seconds, connections: options.connections, signal: launch.signal };
    const series = await runRounds([bare, stock, ...mockingbirds].map(pageReader), { ...options, load });
    const [bareSeries, stockSeries] = series as [Series, Series];
    return formatSection({
      title: 'Authenticated cached read of 20 questions',
      question:
        'Bare Fastify sends the same bytes and headers to anybody. Stock Nest is the usual stack: Express, passport-jwt, CacheInterceptor, ThrottlerGuard.',
      series,
      references: [
        { heading: 'to bare Fastify', series: bareSeries },
        { heading: 'to stock Nest', series: stockSeries },
      ],
      conditions,
      command: 'npm run bench -- cached-read',
    });
  },
};
