import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics.js';
import type { HistogramSeries, SeriesHistogram } from '../series-histogram.js';

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const SLOW_MS = 1000;
const UNMATCHED = 'unmatched';

type Label = 'method' | 'route' | 'status';

/** Measures and logs every request: failures as errors, slow ones as warnings, the rest only at debug. */
export function observeRequests(fastify: FastifyInstance, metrics: Metrics, logger: Logger): void {
  const durations = metrics.seriesHistogram<Label>({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_SECONDS,
  });
  const observerOf = (route: string) => {
    const series = new RouteSeries(route, durations);
    return (request: FastifyRequest, reply: FastifyReply): void => {
      const ms = reply.elapsedTime;
      const { method } = request;
      const { statusCode: status } = reply;
      series.of(method, status).observe(ms / 1000);
      const level = status >= 500 ? 'error' : ms >= SLOW_MS ? 'warn' : 'debug';
      if (logger.isLevelEnabled(level)) {
        logger[level]({ requestId: request.id, method, route, status, ms: Math.round(ms) }, 'request');
      }
    };
  };
  const unmatched = observerOf(UNMATCHED);
  fastify.addHook('onRoute', (route) => {
    const observe = observerOf(route.url);
    const onResponse = (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
      observe(request, reply);
      done();
    };
    route.onResponse = [route.onResponse ?? [], onResponse].flat();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    if (request.is404) unmatched(request, reply);
    done();
  });
}

/** The series of one route: few, each found by method and status without a look at its labels. */
class RouteSeries {
  private readonly byMethod = new Map<string, Map<number, HistogramSeries<Label>>>();

  constructor(
    private readonly route: string,
    private readonly durations: SeriesHistogram<Label>,
  ) {}

  of(method: string, status: number): HistogramSeries<Label> {
    let byStatus = this.byMethod.get(method);
    if (byStatus === undefined) this.byMethod.set(method, (byStatus = new Map()));
    let series = byStatus.get(status);
    if (series === undefined) {
      byStatus.set(status, (series = this.durations.series({ method, route: this.route, status })));
    }
    return series;
  }
}
