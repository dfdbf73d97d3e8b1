import { SigningKeyRotation, SigningKeys } from '@app/auth';
import { SigningKeyRepository } from '@app/auth/postgres';
import { loadConfig } from '@app/config';
import { DataFolderInUseError } from '@app/database';
import { connect } from '@app/database/postgres';
import { AuthEventLog } from '@app/sessions';
import { migrations } from './migrations.js';
import { openDatabase } from './open-database.js';
import { ProgressReport } from './progress-report.js';

/** Makes the key that signs access tokens next, while instances run: `npm run keys:rotate` (docs/guides/signing-keys.md). */
const progress = new ProgressReport();

try {
  const config = loadConfig(process.env);
  const { runtime, close } = await openDatabase(config, progress);
  try {
    await rotate(config, runtime);
  } finally {
    await close();
  }
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}

async function rotate(
  { database: pool, tokens }: ReturnType<typeof loadConfig>,
  { database: address, secret }: Awaited<ReturnType<typeof openDatabase>>['runtime'],
): Promise<void> {
  const database = await connect({ ...pool, address, migrations }, (reason) => {
    progress.line(`Waiting for Postgres: ${reason}`);
  });
  try {
    if (pool.url === undefined) await database.migrate();
    else if (await database.hasPendingMigrations()) {
      throw new Error('Migrations are pending: run npm run migrate first.');
    }
    const repository = new SigningKeyRepository(database);
    const options = { secret, accessTtlMs: tokens.accessTtlMs, keyPropagationMs: tokens.keyPropagationMs };
    const keys = new SigningKeys(repository, options);
    // Reads the keys there are, and so refuses a secret that the instances could not open the new one with.
    await keys.onModuleInit();
    const { key, made } = await new SigningKeyRotation(repository, keys, new AuthEventLog(database), options).rotate();
    progress.line(made ? `Made key ${key.kid}.` : `A rotation is under way already, to key ${key.kid}.`);
    progress.line(`It signs from ${key.activeFrom.toISOString()}; tokens of the old key stay good until they expire.`);
  } finally {
    await database.close();
  }
}

function explain(error: unknown): string {
  if (error instanceof DataFolderInUseError) {
    return `${error.message}\nWhile it runs, rotate through it: POST /api/v1/admin/signing-keys as an admin.`;
  }
  return error instanceof Error ? error.message : String(error);
}
