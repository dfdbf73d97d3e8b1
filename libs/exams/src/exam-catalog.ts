import { Cached, WarmList, type WarmAnswer } from '@app/cache';
import { decodeCursor, encodeCursor, toPage, type Page } from '@app/http';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Exam, ExamSummary } from './exam.js';
import { ExamNotFoundError } from './exams.errors.js';
import { ExamRepository, ScaleRepository } from './postgres/index.js';
import type { Scale } from './scoring/scale.js';

/** What every cached answer about exams depends on. */
export const EXAMS_TAG = 'exams';

const MAX_FORMS = 100;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const cursorSchema = z.string().max(200);

/** Published forms, kept in memory: they never change, so a thousand starts read a form once. */
@Injectable()
export class ExamCatalog implements OnModuleInit {
  private readonly forms = new LRUCache<string, Promise<Exam | undefined>>({ max: MAX_FORMS });

  constructor(
    private readonly exams: ExamRepository,
    private readonly scales: ScaleRepository,
    private readonly warmList: WarmList,
  ) {}

  onModuleInit(): void {
    this.warmList.add({ tags: [EXAMS_TAG], answers: () => this.worthWarming() });
  }

  /** By slug. */
  async page(limit: number, cursor: string | undefined): Promise<Page<ExamSummary>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, cursorSchema);
    const rows = await this.exams.page(after, limit + 1);
    return toPage(
      rows,
      limit,
      (row) => row,
      ({ slug }) => encodeCursor(slug),
    );
  }

  /** @throws {ExamNotFoundError} */
  async get(id: string): Promise<Exam> {
    let form = this.forms.get(id);
    if (form === undefined) {
      form = this.exams.find(id);
      this.forms.set(id, form);
      form.then(
        (found) => found === undefined && this.forms.delete(id),
        () => this.forms.delete(id),
      );
    }
    const exam = await form;
    if (exam === undefined) throw new ExamNotFoundError();
    return exam;
  }

  /** By id, or by the slug of the current form. */
  async resolve(idOrSlug: string): Promise<Exam> {
    if (UUID.test(idOrSlug)) return this.get(idOrSlug.toLowerCase());
    const id = await this.idOfSlug(idOrSlug);
    if (id === undefined) throw new ExamNotFoundError();
    return this.get(id);
  }

  /** The scale a full form is reported on; null for other forms. */
  async scaleOf({ scale }: Exam): Promise<Scale | null> {
    if (scale === null) return null;
    const found = await this.scales.find(scale);
    if (found === undefined) throw new Error(`Scale ${scale.id} version ${scale.version} is missing`);
    return found;
  }

  /** Of the form that is current; asked by everybody who starts by name. */
  @Cached<[string]>({ namespace: 'exam-slugs', tags: [EXAMS_TAG], key: (slug) => slug })
  private idOfSlug(slug: string): Promise<string | undefined> {
    return this.exams.idOfSlug(slug);
  }

  /** The list, and each form by its id and its name. */
  private async worthWarming(): Promise<WarmAnswer[]> {
    const { items } = await this.page(MAX_FORMS, undefined);
    return [
      { path: 'exams' },
      ...items.flatMap(({ id, slug }) => [{ path: `exams/${id}` }, { path: `exams/${slug}` }]),
    ];
  }
}
