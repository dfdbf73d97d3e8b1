import './typescript-imports.mjs';
import type { Services } from './services.js';

declare global {
  /** Kept for the global teardown, which Jest runs in the same process. */
  var mockingbirdServices: Services | undefined;
}

/** Starts the servers a whole test run shares and tells the specs where they are. */
// oxlint-disable-next-line import/no-default-export -- Jest wants it so.
export default async function startSharedServices(): Promise<void> {
  // Later than the hook above, so that Node finds the TypeScript files behind `.js`.
  const { startServices } = await import('./services.js');
  const { DATABASE_URL_VARIABLE, REDIS_ADDR_VARIABLE } = await import('./shared-services.js');
  const services = await startServices();
  globalThis.mockingbirdServices = services;
  process.env[DATABASE_URL_VARIABLE] = services.databaseUrl;
  process.env[REDIS_ADDR_VARIABLE] = services.redisAddr;
}
