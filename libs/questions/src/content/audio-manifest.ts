import { join } from 'node:path';
import { z } from 'zod';
import { readContentFiles } from './content-file.js';

const file = z.object({ path: z.string(), sha256: z.string() });
const manifestSchema = z.record(
  z.string(),
  z.object({
    madeFrom: z.string(),
    durationMs: z.int(),
    mp3: file,
    opus: file,
    lines: z.array(z.object({ startMs: z.int(), endMs: z.int() })),
  }),
);

/** The recording of a set: where it is, and when each line of the transcript is spoken. */
export type SetRecording = z.output<typeof manifestSchema>[string];

/** Recordings by the slug of their set, as `npm run content:audio` noted them below `content/media`. */
export async function readRecordings(contentDir: string): Promise<ReadonlyMap<string, SetRecording>> {
  const manifests = await readContentFiles(join(contentDir, 'media'), manifestSchema);
  return new Map(manifests.flatMap(({ file: manifest }) => Object.entries(manifest)));
}
