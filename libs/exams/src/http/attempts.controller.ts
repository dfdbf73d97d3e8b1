import {
  ApiOptionalBody,
  CurrentPrincipal,
  DescribeRoute,
  idOf,
  pageQuerySchema,
  type PageQuery,
  type Principal,
} from '@app/http';
import { Limited } from '@app/rate-limit/http';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { toAttemptState } from '../attempt-state.js';
import { AttemptsService } from '../attempts.service.js';
import type { Attempt, SaveReceipt } from '../attempt.js';
import { ExamCatalog } from '../exam-catalog.js';
import type { ExamResult } from '../scoring/result.js';
import {
  attemptListView,
  attemptView,
  receiptView,
  saveRefusedView,
  saveSchema,
  submitSchema,
  type SaveBody,
} from './attempt.view.js';
import { resultView, reviewView, toResultView, toReviewView } from './result.view.js';

const NOT_FOUND = '`attempt.not_found`: there is none, or it is not mine.';
const SAVE_REFUSED = {
  text: '`attempt.stale_revision`, `attempt.deadline_passed`, `attempt.over` or `attempt.request_id_reused`. Nothing was changed; `current` is what the server holds.',
  view: saveRefusedView,
};
const attemptId = idOf('attempt');
const querySchema = z.strictObject(pageQuerySchema.shape);

@ApiTags('attempts')
@Controller('attempts')
export class AttemptsController {
  constructor(
    private readonly attempts: AttemptsService,
    private readonly catalog: ExamCatalog,
  ) {}

  @Get()
  @DescribeRoute({ summary: 'My attempts, newest first', answer: attemptListView })
  async list(@CurrentPrincipal() { userId }: Principal, @Query({ schema: querySchema }) { limit, cursor }: PageQuery) {
    const { items, nextCursor } = await this.attempts.page(userId, limit, cursor);
    return { items: items.map(toAttemptState), nextCursor };
  }

  @Get(':id')
  @DescribeRoute({
    summary: 'One attempt, to go on with on any device',
    answer: attemptView,
    problems: { 404: NOT_FOUND },
  })
  async get(@CurrentPrincipal() { userId }: Principal, @Param('id', { schema: attemptId }) id: string) {
    return toAttemptState(await this.attempts.get(userId, id));
  }

  @Put(':id/answers')
  @Limited({ group: 'answers' })
  @DescribeRoute({
    summary: 'Save answers',
    description: 'The reply says what is stored. After a network error send the same body again.',
    answer: receiptView,
    problems: {
      404: NOT_FOUND,
      409: SAVE_REFUSED,
      422: '`attempt.invalid_answers`',
    },
  })
  async save(
    @CurrentPrincipal() { userId }: Principal,
    @Param('id', { schema: attemptId }) id: string,
    @Body({ schema: saveSchema }) body: SaveBody,
  ) {
    return toReceiptView(await this.attempts.save(userId, id, body));
  }

  @Post(':id/submit')
  @Limited({ group: 'answers' })
  @ApiOptionalBody()
  @HttpCode(200)
  @DescribeRoute({
    summary: 'End the attempt, optionally with a last save',
    description: 'Submitting again gives the same attempt.',
    answer: attemptView,
    problems: { 404: NOT_FOUND, 409: SAVE_REFUSED, 422: '`attempt.invalid_answers`' },
  })
  async submit(
    @CurrentPrincipal() { userId }: Principal,
    @Param('id', { schema: attemptId }) id: string,
    @Body({ schema: submitSchema }) lastSave: SaveBody | undefined,
  ) {
    return toAttemptState(await this.attempts.submit(userId, id, lastSave));
  }

  @Get(':id/result')
  @DescribeRoute({
    summary: 'Scores of an attempt that is over',
    answer: resultView,
    problems: { 404: NOT_FOUND, 409: '`attempt.in_progress`' },
  })
  async result(@CurrentPrincipal() { userId }: Principal, @Param('id', { schema: attemptId }) id: string) {
    const attempt = await this.attempts.getFinished(userId, id);
    return toResultView(attempt, resultOf(attempt), await this.catalog.get(attempt.examId));
  }

  @Get(':id/review')
  @DescribeRoute({
    summary: 'Keys, explanations and transcripts of an attempt that is over',
    answer: reviewView,
    problems: { 404: NOT_FOUND, 409: '`attempt.in_progress`' },
  })
  async review(@CurrentPrincipal() { userId }: Principal, @Param('id', { schema: attemptId }) id: string) {
    const attempt = await this.attempts.getFinished(userId, id);
    return toReviewView(attempt, resultOf(attempt), await this.catalog.get(attempt.examId));
  }
}

function toReceiptView({ revision, savedAt, serverTime, deadlineAt }: SaveReceipt): z.output<typeof receiptView> {
  return {
    revision,
    savedAt: savedAt.toISOString(),
    serverTime: serverTime.toISOString(),
    deadlineAt: deadlineAt.toISOString(),
  };
}

/** The database keeps a result with every attempt that is over. */
function resultOf({ result }: Attempt): ExamResult {
  return result as ExamResult;
}
