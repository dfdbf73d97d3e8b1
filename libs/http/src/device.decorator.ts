import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Where a request comes from. `ip` is the client's, through trusted proxies only. */
export interface DeviceFacts {
  readonly ip: string;
  readonly userAgent: string;
}

const MAX_USER_AGENT_LENGTH = 512;

export const Device = createParamDecorator((_: unknown, context: ExecutionContext): DeviceFacts => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return { ip: request.ip, userAgent: (request.headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT_LENGTH) };
});
