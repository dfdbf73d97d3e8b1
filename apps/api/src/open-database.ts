import type { AppConfig } from '@app/config';
import type { Runtime } from './app.module.js';
import { installationSecret } from './installation-secret.js';
import type { ProgressReport } from './progress-report.js';

/** Where the database is, started here if it is the embedded one; `close` comes after the application's own. */
export async function openDatabase(
  { database, tokens, dataDir }: AppConfig,
  progress: ProgressReport,
): Promise<{ runtime: Runtime; close: () => Promise<void> }> {
  if (database.url !== undefined) {
    const runtime = { database: { url: database.url }, secret: tokens.secret ?? installationSecret(dataDir) };
    return { runtime, close: async () => undefined };
  }
  const { EmbeddedPostgres } = await import('./embedded-database.js');
  const embedded = await progress.step(`Starting the embedded database in ${dataDir}`, () =>
    EmbeddedPostgres.start(dataDir),
  );
  return {
    runtime: { database: { socketDir: embedded.socketDir }, secret: tokens.secret ?? installationSecret(dataDir) },
    close: () => embedded.stop(),
  };
}
