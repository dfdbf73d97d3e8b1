/** Mockingbird as it is built, but for one thing: it takes every access token that is its own, also of a session that has ended. */
import { join } from 'node:path';
import { REPOSITORY } from '../../workspace.ts';

const built = (path: string) => import(join(REPOSITORY, 'dist', path));
const { start } = await built('apps/api/src/start.js');
const { ProgressReport } = await built('apps/api/src/progress-report.js');
const { loadConfig } = await built('libs/config/src/index.js');
const { AccessCheck } = await built('libs/sessions/src/index.js');

const { app, stop } = await start(loadConfig(process.env), new ProgressReport());
app.get(AccessCheck, { strict: false }).assertInForce = () => undefined;
process.once('SIGTERM', () => void stop().then(() => process.exit()));
