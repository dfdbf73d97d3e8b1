import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics.js';

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const SLOW_MS = 1000;

/** Measures and logs every request: failures as errors, slow ones as warnings, the rest only at debug. */
export function observeRequests(fastify: FastifyInstance, metrics: Metrics, logger: Logger): void {
  const durations = metrics.histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_SECONDS,
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? 'unmatched';
    const ms = reply.elapsedTime;
    durations.observe({ method, route, status: reply.statusCode }, ms / 1000);
    const level = reply.statusCode >= 500 ? 'error' : ms >= SLOW_MS ? 'warn' : 'debug';
    if (logger.isLevelEnabled(level)) {
      logger[level]({ requestId: request.id, method, route, status: reply.statusCode, ms: Math.round(ms) }, 'request');
    }
    done();
  });
}
