import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { CacheWrites } from '@app/cache';
import { Database } from '@app/database';
import { ContentError, QuestionsService, readContentFiles } from '@app/questions';
import { Injectable, Logger } from '@nestjs/common';
import type { ScaleRef } from '../exam.js';
import { EXAMS_TAG } from '../exam-catalog.js';
import { ExamRepository, ScaleRepository, type NewExam } from '../postgres/index.js';
import type { Scale } from '../scoring/scale.js';
import { blueprintViolations } from './blueprint.js';
import { assembleForm } from './form-assembly.js';
import { formFileSchema, scaleFileSchema, type FormSource } from './form-file.schema.js';
import { scaleViolations } from './scale-rules.js';

/** Held while publishing, so that instances that start together take turns. Any constant does. */
const PUBLISHER_LOCK = 0x7075626c;

/** Publishes the forms of `content/forms`. A form whose file and items are as they were is left alone. */
@Injectable()
export class ExamContentLoader {
  private readonly logger = new Logger(ExamContentLoader.name);

  constructor(
    private readonly database: Database,
    private readonly questions: QuestionsService,
    private readonly exams: ExamRepository,
    private readonly scales: ScaleRepository,
    private readonly writes: CacheWrites,
  ) {}

  /**
   * Gives the number of forms published. Load the questions first. A published form that the bank no longer fits,
   * since editors archived or added items of its sets, stays as it was published.
   *
   * @throws {ContentError} before anything is changed
   */
  async load(contentDir: string): Promise<number> {
    const scales = await this.readScales(join(contentDir, 'scales'));
    const files = await readContentFiles(join(contentDir, 'forms'), formFileSchema);
    const current = await this.exams.hashes(this.database);
    const assembled = await Promise.all(
      files.map(({ path, file }) => this.assemble(path, file, newestOf(scales), current.has(file.slug))),
    );
    const forms = assembled.filter((form) => form !== undefined);
    return this.writes.run(async (tx, touch) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [PUBLISHER_LOCK]);
      for (const scale of scales) await this.scales.insert(tx, scale);
      const known = await this.exams.hashes(tx);
      const outdated = forms.filter(({ slug, contentHash }) => known.get(slug) !== contentHash);
      for (const form of outdated) await this.exams.publish(tx, form);
      if (outdated.length > 0) touch(EXAMS_TAG);
      return outdated.length;
    });
  }

  private async readScales(folder: string): Promise<Scale[]> {
    const files = await readContentFiles(folder, scaleFileSchema);
    for (const { path, file } of files) {
      const problems = scaleViolations(file);
      if (problems.length > 0) throw new ContentError(path, problems);
    }
    return files.map(({ file }) => file);
  }

  private async assemble(
    path: string,
    source: FormSource,
    scale: ScaleRef | undefined,
    isPublished: boolean,
  ): Promise<NewExam | undefined> {
    const slugs = source.sections.flatMap(({ parts }) => parts.flatMap(({ sets }) => sets));
    const bank = await this.questions.setsBySlug(slugs);
    const missing = slugs.filter((slug) => !bank.has(slug));
    if (missing.length > 0) throw new ContentError(path, [`no such sets: ${missing.join(', ')}`]);
    const { sections, keys } = assembleForm(source, bank);
    const problems = blueprintViolations({ kind: source.kind, sections, keys }, source.blueprint);
    if (source.kind === 'full' && scale === undefined) problems.push('a full form needs a scale');
    if (problems.length > 0 && isPublished) {
      this.logger.warn(`${source.slug} stays as it was published: ${problems.join('; ')}`);
      return undefined;
    }
    if (problems.length > 0) throw new ContentError(path, problems);
    const { slug, title, description, kind } = source;
    return {
      slug,
      title,
      description,
      kind,
      limitSeconds: sections.reduce((sum, { limitSeconds }) => sum + limitSeconds, 0),
      itemCount: keys.length,
      windowClosesAt: null,
      sections,
      keys,
      scale: kind === 'full' ? (scale ?? null) : null,
      contentHash: createHash('sha256')
        .update(JSON.stringify([source, sections, keys]))
        .digest('base64url'),
    };
  }
}

function newestOf(scales: readonly Scale[]): ScaleRef | undefined {
  const newest = scales.toSorted((a, b) => b.version - a.version)[0];
  return newest === undefined ? undefined : { id: newest.id, version: newest.version };
}
