import { spawnSync } from 'node:child_process';

/** Lints the API document with the rules of `redocly.yaml`; empty when there is nothing to say. */
export function lintApiDocument(path: string): string {
  const { status, stdout, stderr } = spawnSync('node_modules/.bin/redocly', ['lint', '--format=stylish', path], {
    encoding: 'utf8',
    // Neither usage statistics nor a look for a newer version.
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  });
  return status === 0 && !/warning/i.test(stderr) ? '' : `${stdout}${stderr}`;
}
