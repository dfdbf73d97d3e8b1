import { CacheWrites, WarmList } from '@app/cache';
import { Database, isUniqueViolation } from '@app/database';
import { decodeCursor, encodeCursor, toPage, type Page } from '@app/http';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { z } from 'zod';
import type { Part } from './parts.js';
import { questionSets, QuestionRepository, type NewQuestionSource, type QuestionFilter } from './postgres/index.js';
import { questionRuleViolations } from './question-rules.js';
import type { Question, QuestionChanges, QuestionDraft, QuestionSet, QuestionWithSet, SetDraft } from './question.js';
import {
  QuestionChangedError,
  QuestionNotFoundError,
  QuestionRulesError,
  QuestionSetNotFoundError,
} from './questions.errors.js';

/** Where cached answers about the bank are kept. */
export const QUESTIONS_NAMESPACE = 'questions';
/** What cached lists of questions depend on. */
export const QUESTIONS_TAG = 'questions';
/** What cached answers about one question depend on. */
export const questionTag = (id: string) => `question:${id}`;

const cursorSchema = z.uuid();

/** The question bank: browsing for everyone, changing for editors. */
@Injectable()
export class QuestionsService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly questions: QuestionRepository,
    private readonly writes: CacheWrites,
    private readonly warmList: WarmList,
  ) {}

  /** The first page, as learners and as editors see it. */
  onModuleInit(): void {
    const answers = [{ path: 'questions' }, { path: 'questions', roles: ['teacher'] }] as const;
    this.warmList.add({ tags: [QUESTIONS_TAG], answers: async () => answers });
  }

  /** Oldest first. */
  async page(filter: QuestionFilter, limit: number, cursor: string | undefined): Promise<Page<Question>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, cursorSchema);
    const rows = await this.questions.page(filter, after, limit + 1);
    return toPage(
      rows,
      limit,
      (row) => row,
      ({ id }) => encodeCursor(id),
    );
  }

  /** @throws {QuestionNotFoundError} */
  async get(id: string): Promise<QuestionWithSet> {
    const question = await this.questions.find(id);
    if (question === undefined) throw new QuestionNotFoundError();
    return question;
  }

  /**
   * Adds an item to a set of its own, or to an existing one. The same idempotency key gives the same item.
   *
   * @throws {QuestionRulesError}
   * @throws {QuestionSetNotFoundError}
   */
  async create(
    target: SetDraft | { readonly setId: string; readonly part: Part },
    draft: QuestionDraft,
    source: NewQuestionSource,
  ) {
    refuseUnsound(target.part, draft);
    const { createdBy, idempotencyKey } = source;
    try {
      const id = await this.writes.run(async (tx, touch) => {
        touch(QUESTIONS_TAG);
        const set =
          'setId' in target
            ? await questionSets.lock(tx, target.setId, target.part)
            : await questionSets.insert(tx, target);
        if (set === undefined) throw new QuestionSetNotFoundError();
        return this.questions.insert(tx, set, draft, source);
      });
      return { question: await this.get(id), created: true };
    } catch (error) {
      if (createdBy === null || idempotencyKey === null || !isUniqueViolation(error, 'questions_idempotency_unique'))
        throw error;
      const existing = await this.questions.findByIdempotencyKey(createdBy, idempotencyKey);
      if (existing === undefined) throw error;
      return { question: await this.get(existing), created: false };
    }
  }

  /**
   * Makes a new version. Published forms keep the version they were published with.
   *
   * @throws {QuestionNotFoundError}
   * @throws {QuestionChangedError} when `expectedVersion` is no longer current
   * @throws {QuestionRulesError}
   */
  async change(
    id: string,
    changes: QuestionChanges,
    expectedVersion: number | undefined,
    changedBy: string,
  ): Promise<QuestionWithSet> {
    const current = await this.get(id);
    if (expectedVersion !== undefined && expectedVersion !== current.version)
      throw new QuestionChangedError(current.version);
    const draft = { ...current, ...changes } as QuestionDraft;
    refuseUnsound(current.part, draft);
    const { set, ...question } = current;
    const updated = await this.writes.run((tx, touch) => {
      touch(QUESTIONS_TAG, questionTag(id));
      return this.questions.replace(tx, question, set, draft, changedBy);
    });
    if (updated === undefined) throw new QuestionChangedError((await this.get(id)).version);
    return { ...updated, set };
  }

  /** @throws {QuestionNotFoundError} */
  async archive(id: string): Promise<void> {
    await this.writes.run(async (tx, touch) => {
      if (!(await this.questions.archive(tx, id))) throw new QuestionNotFoundError();
      touch(QUESTIONS_TAG, questionTag(id));
    });
  }

  /** The sets of these slugs with their live items, as the bank holds them now; what is missing is left out. */
  async setsBySlug(
    slugs: readonly string[],
  ): Promise<Map<string, { readonly set: QuestionSet; readonly questions: readonly Question[] }>> {
    const sets = await questionSets.bySlugs(this.database, slugs);
    const questions = await this.questions.ofSets(
      this.database,
      sets.map(({ id }) => id),
    );
    const bySet = Map.groupBy(questions, ({ setId }) => setId);
    return new Map(sets.map((set) => [set.slug as string, { set, questions: bySet.get(set.id) ?? [] }]));
  }
}

function refuseUnsound(part: Part, draft: QuestionDraft): void {
  const violations = questionRuleViolations(part, draft);
  if (violations.length > 0) throw new QuestionRulesError(violations);
}
