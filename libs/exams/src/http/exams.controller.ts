import { CacheResponse } from '@app/cache/http';
import { CurrentPrincipal, DescribeRoute, pageQuerySchema, type PageQuery, type Principal } from '@app/http';
import { Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { toAttemptState } from '../attempt-state.js';
import { AttemptsService } from '../attempts.service.js';
import { EXAMS_TAG, ExamCatalog } from '../exam-catalog.js';
import { attemptView } from './attempt.view.js';
import { examListView, examRefSchema, examView, toExamView } from './exam.view.js';

const CACHED = { namespace: 'exams', audience: 'everyone', tags: [EXAMS_TAG] } as const;
const querySchema = z.strictObject(pageQuerySchema.shape);

@ApiTags('exams')
@Controller('exams')
export class ExamsController {
  constructor(
    private readonly catalog: ExamCatalog,
    private readonly attempts: AttemptsService,
  ) {}

  @Get()
  @CacheResponse(CACHED)
  @DescribeRoute({ summary: 'Published exams', answer: examListView })
  list(@Query({ schema: querySchema }) { limit, cursor }: PageQuery) {
    return this.catalog.page(limit, cursor);
  }

  @Get(':id')
  @CacheResponse(CACHED)
  @DescribeRoute({
    summary: 'One exam as its candidates see it',
    description:
      'Blanks of Part 6 are written `-------(131)`. Keys, explanations and transcripts come with the review.',
    answer: examView,
    problems: { 404: '`exam.not_found`' },
  })
  async get(@Param('id', { schema: examRefSchema }) id: string) {
    return toExamView(await this.catalog.resolve(id));
  }

  @Post(':id/attempts')
  @DescribeRoute({
    summary: 'Start an attempt, or get back the one that is open',
    description: '201 when it was started now, 200 with the open one. The clock is the server’s.',
    answer: attemptView,
    status: 201,
    alsoStatus: 200,
    problems: { 404: '`exam.not_found`', 409: '`exam.closed`' },
  })
  async start(
    @Param('id', { schema: examRefSchema }) id: string,
    @CurrentPrincipal() { userId }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { attempt, started } = await this.attempts.start(userId, id);
    reply.status(started ? 201 : 200);
    return toAttemptState(attempt);
  }
}
