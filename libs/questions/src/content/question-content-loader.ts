import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { CacheWrites, namespaceTag } from '@app/cache';
import type { Queryable } from '@app/database';
import { Injectable } from '@nestjs/common';
import { QUESTIONS_NAMESPACE } from '../questions.service.js';
import { questionSets, QuestionRepository } from '../postgres/index.js';
import { questionRuleViolations } from '../question-rules.js';
import type { QuestionDraft, SetDraft } from '../question.js';
import { readRecordings, type SetRecording } from './audio-manifest.js';
import { ContentError, readContentFiles } from './content-file.js';
import { setFileSchema, type SetSource } from './set-file.schema.js';

/** Held while loading, so that instances that start together take turns. Any constant does. */
const LOADER_LOCK = 0x6c6f6164;

const FROM_CONTENT = { createdBy: null, idempotencyKey: null };

/** Brings the bank up to what `content/sets` says. Loading the same files again changes nothing. */
@Injectable()
export class QuestionContentLoader {
  constructor(
    private readonly questions: QuestionRepository,
    private readonly writes: CacheWrites,
  ) {}

  /**
   * Gives the number of sets that were new or had changed.
   *
   * @throws {ContentError} before anything is changed
   */
  async load(contentDir: string): Promise<number> {
    const sources = await this.read(contentDir);
    if (sources.length === 0) return 0;
    return this.writes.run(async (tx, touch) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [LOADER_LOCK]);
      const known = await questionSets.hashes(tx);
      const outdated = sources.filter((source) => known.get(source.slug) !== hashOf(source));
      for (const source of outdated) await this.store(tx, source, known.has(source.slug));
      if (outdated.length > 0) touch(namespaceTag(QUESTIONS_NAMESPACE));
      return outdated.length;
    });
  }

  private async read(contentDir: string): Promise<SetSource[]> {
    const files = await readContentFiles(join(contentDir, 'sets'), setFileSchema);
    const recordings = await readRecordings(contentDir);
    const seen = new Set<string>();
    for (const { path, file } of files) {
      const problems = file.sets.flatMap((source) => {
        const repeated = seen.has(source.slug) ? [`${source.slug}: this slug is used twice`] : [];
        seen.add(source.slug);
        return [...repeated, ...violationsOf(source)];
      });
      if (problems.length > 0) throw new ContentError(path, problems);
    }
    return files.flatMap(({ file }) => file.sets.map((source) => withRecording(source, recordings.get(source.slug))));
  }

  private async store(tx: Queryable, source: SetSource, exists: boolean): Promise<void> {
    const draft = setDraftOf(source);
    const hash = hashOf(source);
    const set = exists
      ? await questionSets.replace(tx, source.slug, draft, hash)
      : await questionSets.insert(tx, draft, { slug: source.slug, hash });
    const current = await this.questions.byPosition(tx, set.id);
    for (const [index, item] of source.items.entries()) {
      const position = index + 1;
      const before = current.get(position);
      const after = draftOf(source, item);
      if (before === undefined) await this.questions.insert(tx, set, after, FROM_CONTENT, position);
      else await this.questions.replace(tx, before, set, after, null);
    }
    if (exists) await this.questions.archiveBeyond(tx, set.id, source.items.length);
  }
}

function violationsOf(source: SetSource): string[] {
  return source.items.flatMap((item, index) =>
    questionRuleViolations(source.part, item).map(
      ({ path, message }) => `${source.slug} item ${index + 1} ${path}: ${message}`,
    ),
  );
}

function hashOf(source: SetSource): string {
  return createHash('sha256').update(JSON.stringify(source)).digest('base64url');
}

function setDraftOf({ part, passages, audio, graphic, graphicAlt, transcript }: SetSource): SetDraft {
  return { part, passages, audioUrl: mediaUrl(audio), graphicUrl: mediaUrl(graphic), graphicAlt, transcript };
}

/** The recording made from a transcript says where it is, and when each line is spoken. */
function withRecording(source: SetSource, recording: SetRecording | undefined): SetSource {
  if (recording === undefined) return source;
  const transcript = source.transcript?.map((line, index) => ({ ...line, ...recording.lines[index] })) ?? null;
  return { ...source, audio: recording.mp3.path, transcript };
}

function mediaUrl(path: string | null): string | null {
  return path === null ? null : `/media/${path}`;
}

function draftOf(source: SetSource, item: SetSource['items'][number]): QuestionDraft {
  return { ...item, tags: [...new Set([...source.tags, ...item.tags])] };
}
