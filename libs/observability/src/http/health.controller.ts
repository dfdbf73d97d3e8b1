import { DescribeRoute, Public, Unlimited } from '@app/http';
import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { HealthRegistry, type HealthReport } from '../health-registry.js';

const liveView = z.object({ status: z.literal('ok') }).meta({ id: 'Liveness', example: { status: 'ok' } });

const healthView = z
  .object({
    status: z.enum(['ok', 'degraded', 'unavailable']),
    checks: z.record(
      z.string(),
      z.object({ status: z.enum(['up', 'down']), ms: z.int(), reason: z.string().optional() }),
    ),
  })
  .meta({
    id: 'Health',
    example: { status: 'ok', checks: { database: { status: 'up', ms: 1 }, migrations: { status: 'up', ms: 2 } } },
  });

@ApiTags('operations')
@Public()
@Unlimited()
@Controller('health')
export class HealthController {
  constructor(private readonly registry: HealthRegistry) {}

  @Get('live')
  @Header('Cache-Control', 'no-store')
  @DescribeRoute({ summary: 'The process is alive', answer: liveView })
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  @Header('Cache-Control', 'no-store')
  @DescribeRoute({
    summary: 'Requests can be served: database and migrations are well; `degraded` without Redis, which still is 200',
    answer: healthView,
    alsoStatus: 503,
  })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    const report = await this.registry.report();
    if (report.status === 'unavailable') reply.status(503).header('Retry-After', 1);
    return report;
  }

  @Get()
  @Header('Cache-Control', 'no-store')
  @DescribeRoute({ summary: 'What is well and what is not; always answers 200', answer: healthView })
  health(): Promise<HealthReport> {
    return this.registry.report();
  }
}
