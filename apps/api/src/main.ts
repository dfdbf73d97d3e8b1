import { loadConfig } from '@app/config';
import { ProgressReport } from './progress-report.js';
import type { Running } from './start.js';

const HARD_STOP_MARGIN_MS = 2000;
/** What a person can mend: said without a stack. */
const MENDABLE = new Set(['ConfigurationError', 'ContentError', 'DataFolderInUseError']);
const progress = new ProgressReport();

try {
  // Before everything else is loaded, which takes a moment: a wrong variable is said at once.
  const config = loadConfig(process.env);
  const { start } = await import('./start.js');
  const running = await start(config, progress);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void shutDown(running));
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

async function shutDown({ stop, shutdownTimeoutMs }: Running): Promise<void> {
  progress.line('Stopping: requests in flight may finish.');
  const giveUp = setTimeout(() => process.exit(1), shutdownTimeoutMs + HARD_STOP_MARGIN_MS);
  await stop();
  clearTimeout(giveUp);
  progress.line('Stopped.');
  process.exit(0);
}

/** What a person can mend is said in a sentence; everything else with its stack. */
function explain(error: unknown): string {
  if (error instanceof Error && MENDABLE.has(error.name)) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `${error.message}\nAnother program uses this port. Set PORT to another one.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
