import { resolve } from 'node:path';
import { ConfigurationError, loadConfig } from '@app/config';
import { ExamContentLoader } from '@app/exams';
import { ContentError, QuestionContentLoader } from '@app/questions';
import { createApp } from './create-app.js';
import { ProgressReport } from './progress-report.js';
import { openDatabase } from './open-database.js';

/**
 * Loads a folder of content (sets, forms, scales, media) into the database: `npm run content:import -- <folder>`.
 * Nothing is changed when a file is wrong; loading the same folder again changes nothing.
 */
const [folder] = process.argv.slice(2);
const progress = new ProgressReport();

try {
  if (folder === undefined)
    throw new ContentError('content:import', ['name the folder: npm run content:import -- <folder>']);
  const config = loadConfig(process.env);
  const { runtime, close } = await openDatabase(config, progress);
  const app = await createApp(config, runtime);
  try {
    const sets = await app.get(QuestionContentLoader).load(resolve(folder));
    const forms = await app.get(ExamContentLoader).load(resolve(folder));
    progress.line(`${sets} sets new or changed, ${forms} exams published.`);
  } finally {
    await app.close();
    await close();
  }
} catch (error) {
  if (!(error instanceof ContentError || error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
