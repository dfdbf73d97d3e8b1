import { createDatabase, dropDatabase } from './database-admin.js';
import { sharedDatabaseUrl } from './shared-services.js';

export interface FreshDatabase {
  readonly url: string;
  /** Disconnects whoever still uses it, too. */
  drop(): Promise<void>;
}

/**
 * A database of the caller's own on the server the test run shares: empty, or a copy of `template`
 * (a name or address that nobody is connected to).
 */
export async function freshDatabase(template?: string): Promise<FreshDatabase> {
  const serverUrl = sharedDatabaseUrl();
  const url = await createDatabase(serverUrl, template);
  return { url, drop: () => dropDatabase(serverUrl, url) };
}
