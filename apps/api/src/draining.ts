import { Injectable, ServiceUnavailableException, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/**
 * Lets go of clients while the process stops: requests in flight are answered, new ones on open connections get 503,
 * and either way the connection closes, so that a busy one cannot hold up the end.
 */
@Injectable()
export class Draining implements OnModuleDestroy {
  private stopping = false;

  onModuleDestroy(): void {
    this.stopping = true;
  }

  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (_request, _reply, done) => {
      done(this.stopping ? new ServiceUnavailableException('The server is stopping.') : undefined);
    });
    fastify.addHook('onSend', (_request, reply, _payload, done) => {
      if (this.stopping) reply.header('Connection', 'close');
      done();
    });
  }
}
