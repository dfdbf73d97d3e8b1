import type { Target } from '../target.ts';
import { findFreePort } from './free-port.ts';
import { httpReady } from './http-ready.ts';
import { logFileOf, plainEnvironment, type LaunchContext } from './launch-context.ts';
import { startServerProcess } from './server-process.ts';

/** A target whose process ends with it. */
export type RunningTarget = Target & AsyncDisposable;

export interface NodeTarget extends Pick<Target, 'isCacheHit'> {
  readonly name: string;
  readonly script: string;
  readonly env: Record<string, string>;
  authorize(origin: string): Promise<Record<string, string>>;
}

/** Starts a Node script on a free port, given to it as PORT, and waits until it is ready. */
export async function startNodeTarget(target: NodeTarget, context: LaunchContext): Promise<RunningTarget> {
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const server = await startServerProcess({
    name: target.name,
    command: context.pinning.server([process.execPath, target.script]),
    env: { ...plainEnvironment(), ...target.env, PORT: String(port) },
    logFile: logFileOf(context, target.name),
    isReady: httpReady(origin),
    signal: context.signal,
  });
  return {
    name: target.name,
    origin,
    pid: server.pid,
    authorize: () => target.authorize(origin),
    isCacheHit: (response) => target.isCacheHit(response),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
