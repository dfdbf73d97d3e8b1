import { findFreePort } from './free-port.ts';
import { httpReady } from './http-ready.ts';
import { logFileOf, plainEnvironment, type LaunchContext } from './launch-context.ts';
import { startServerProcess } from './server-process.ts';

export interface NodeServerSettings {
  readonly name: string;
  readonly script: string;
  readonly env: Record<string, string>;
}

/** A Node process that serves HTTP, and ends with this. */
export interface NodeServer extends AsyncDisposable {
  readonly name: string;
  readonly origin: string;
  readonly pid: number;
}

/** Starts a Node script on a free port, given to it as PORT, and waits until it is ready. */
export async function startNodeServer(settings: NodeServerSettings, context: LaunchContext): Promise<NodeServer> {
  const { name, script, env } = settings;
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const server = await startServerProcess({
    name,
    command: context.pinning.server([process.execPath, script]),
    env: { ...plainEnvironment(), ...env, PORT: String(port) },
    logFile: logFileOf(context, name),
    isReady: httpReady(origin),
    signal: context.signal,
  });
  return { name, origin, pid: server.pid, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
