import { CacheResponse } from '@app/cache/http';
import {
  ApiIdempotencyKey,
  CurrentPrincipal,
  DescribeRoute,
  EDITOR_ROLES,
  idOf,
  IdempotencyKey,
  isEditor,
  Roles,
  type Principal,
} from '@app/http';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { QuestionNotFoundError } from '../questions.errors.js';
import { QUESTIONS_NAMESPACE, QUESTIONS_TAG, QuestionsService, questionTag } from '../questions.service.js';
import {
  changeQuestionSchema,
  newQuestionSchema,
  questionListView,
  questionQuerySchema,
  questionWithSetView,
  toQuestionView,
  toSetView,
  type ChangeQuestion,
  type NewQuestion,
  type QuestionQuery,
} from './question.view.js';

const questionId = idOf('question');
const CACHED = { namespace: QUESTIONS_NAMESPACE, audience: 'roles' } as const;

@ApiTags('questions')
@Controller('questions')
export class QuestionsController {
  constructor(private readonly questions: QuestionsService) {}

  @Get()
  @CacheResponse({ ...CACHED, tags: [QUESTIONS_TAG] })
  @DescribeRoute({
    summary: 'Browse the question bank, oldest first',
    description: 'Learners get no keys, no explanations, and no options that are only heard.',
    answer: questionListView,
  })
  async list(@Query({ schema: questionQuerySchema }) query: QuestionQuery, @CurrentPrincipal() reader: Principal) {
    const { limit, cursor, q: text, ...filter } = query;
    const page = await this.questions.page({ ...filter, text }, limit, cursor);
    return { items: page.items.map((question) => toQuestionView(question, reader)), nextCursor: page.nextCursor };
  }

  @Get(':id')
  @CacheResponse({ ...CACHED, tags: ({ params }) => [questionTag((params as { id: string }).id.toLowerCase())] })
  @DescribeRoute({
    summary: 'One question with its passages',
    answer: questionWithSetView,
    problems: { 404: '`question.not_found`' },
  })
  async get(@Param('id', { schema: questionId }) id: string, @CurrentPrincipal() reader: Principal) {
    const question = await this.questions.get(id);
    if (question.archivedAt !== null && !isEditor(reader)) throw new QuestionNotFoundError();
    return { ...toQuestionView(question, reader), set: toSetView(question.set, reader) };
  }

  @Roles(...EDITOR_ROLES)
  @Post()
  @ApiIdempotencyKey()
  @DescribeRoute({
    summary: 'Add a question (editors)',
    answer: questionWithSetView,
    status: 201,
    alsoStatus: 200,
    problems: { 404: '`question.set_not_found`', 422: '`question.rules`: the rules of the part are broken.' },
  })
  async create(
    @Body({ schema: newQuestionSchema }) body: NewQuestion,
    @IdempotencyKey() idempotencyKey: string | undefined,
    @CurrentPrincipal() editor: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { part, setId, passages, audioUrl, graphicUrl, graphicAlt, transcript, ...draft } = body;
    const target =
      setId === undefined ? { part, passages, audioUrl, graphicUrl, graphicAlt, transcript } : { setId, part };
    const source = { createdBy: editor.userId, idempotencyKey: idempotencyKey ?? null };
    const { question, created } = await this.questions.create(target, draft, source);
    if (!created) reply.status(200);
    return { ...toQuestionView(question, editor), set: toSetView(question.set, editor) };
  }

  @Roles(...EDITOR_ROLES)
  @Patch(':id')
  @DescribeRoute({
    summary: 'Change a question (editors): makes a new version',
    description: 'Published exams keep the version they were published with.',
    answer: questionWithSetView,
    problems: { 404: '`question.not_found`', 409: '`question.changed`', 422: '`question.rules`' },
  })
  async change(
    @Param('id', { schema: questionId }) id: string,
    @Body({ schema: changeQuestionSchema }) { expectedVersion, ...changes }: ChangeQuestion,
    @CurrentPrincipal() editor: Principal,
  ) {
    const question = await this.questions.change(id, changes, expectedVersion, editor.userId);
    return { ...toQuestionView(question, editor), set: toSetView(question.set, editor) };
  }

  @Roles(...EDITOR_ROLES)
  @Delete(':id')
  @HttpCode(204)
  @DescribeRoute({
    summary: 'Archive a question (editors)',
    description: 'It leaves the bank; published exams keep it.',
    problems: { 404: '`question.not_found`' },
  })
  archive(@Param('id', { schema: questionId }) id: string) {
    return this.questions.archive(id);
  }
}
