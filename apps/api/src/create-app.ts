import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AppConfig } from '@app/config';
import { createLogger, Metrics, PinoLogger } from '@app/observability';
import { observeRequests } from '@app/observability/http';
import { RealtimeIoAdapter } from '@app/realtime/ws';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import serveStatic from '@fastify/static';
import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppModule, type Runtime } from './app.module.js';
import { answerClientError } from './client-error.js';
import { Draining } from './draining.js';
import { handlerDeadline } from './handler-deadline.js';
import { acceptOnlyJson } from './json-body.js';
import { nextRequestId } from './next-request-id.js';
import { serveDocumentation } from './openapi.js';
import { ProblemFilter } from './problem.filter.js';
import { RequestGate } from './request-gate.js';
import { headersOfEveryAnswer } from './response-headers.js';

const API_PREFIX = 'api/v1';
const OUTSIDE_PREFIX = ['health', 'health/*path', 'metrics', '.well-known/*path'];
/** Pictures, recordings and the documentation. */
const OPEN_TO_EVERYONE = ['/media/', '/docs'];
const COMPRESS_FROM_BYTES = 1024;
const MAX_HEADERS_MS = 10_000;

/**
 * The application, ready to listen.
 *
 * @param features modules beside the product's own
 */
export async function createApp(
  config: AppConfig,
  runtime: Runtime,
  features: readonly Type[] = [],
): Promise<NestFastifyApplication> {
  const { http } = config;
  const logger = createLogger(config.log.level);
  const problems = new ProblemFilter();
  const setHeaders = headersOfEveryAnswer(http.corsOrigins.length > 0);
  const adapter: FastifyAdapter = new FastifyAdapter({
    trustProxy: http.trustedProxies.length > 0 ? [...http.trustedProxies] : false,
    bodyLimit: http.bodyLimitBytes,
    requestTimeout: http.requestTimeoutMs,
    http: { headersTimeout: MAX_HEADERS_MS },
    forceCloseConnections: 'idle',
    genReqId: nextRequestId,
    routerOptions: { maxParamLength: 200 },
    skipMiddie: true,
    clientErrorHandler: answerClientError,
    // A URL that the router cannot read is refused before any hook has run.
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      setHeaders(request, reply);
      // oxlint-disable-next-line promise/no-promise-in-callback -- the filter's method, no promise
      problems.catch(error, new ExecutionContextHost([request, reply]));
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    await AppModule.forConfig(config, runtime, features),
    adapter,
    {
      logger: new PinoLogger(logger),
      bodyParser: false,
      abortOnError: false,
    },
  );
  const fastify = adapter.getInstance();
  acceptOnlyJson(fastify);
  observeRequests(fastify, app.get(Metrics), logger);
  fastify.addHook('onRequest', (request, reply, done) => {
    setHeaders(request, reply);
    done();
  });
  app.get(Draining).watch(fastify);
  if (http.corsOrigins.length > 0) {
    await app.register(cors, {
      origin: [...http.corsOrigins],
      credentials: true,
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: ['Content-Disposition', 'ETag', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Request-Id'],
      maxAge: 600,
    });
  }
  await app.register(gate(app.get(RequestGate)));
  fastify.addHook('preHandler', handlerDeadline(http.requestTimeoutMs));
  await app.register(compress, { threshold: COMPRESS_FROM_BYTES, encodings: ['br', 'gzip'] });
  const media = resolve(join(config.contentDir, 'media'));
  if (existsSync(media))
    await app.register(serveStatic, { root: media, prefix: '/media/', decorateReply: false, index: false });
  app.useWebSocketAdapter(new RealtimeIoAdapter(app, http.corsOrigins));
  setPrefix(app);
  serveDocumentation(app);
  return app;
}

/** After what sets headers, which a refusal needs too. */
function gate(requests: RequestGate) {
  const plugin = async (fastify: FastifyInstance) => requests.watch(fastify, OPEN_TO_EVERYONE);
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true });
}

/** Puts every route below the prefix, but for those whose place is fixed by custom or standard. */
export function setPrefix(app: INestApplication): void {
  app.setGlobalPrefix(API_PREFIX, { exclude: OUTSIDE_PREFIX });
}
