import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { findFreePort } from './free-port.ts';
import { logFileOf, plainEnvironment, type LaunchContext } from './launch-context.ts';
import { startServerProcess } from './server-process.ts';

export interface RedisServer extends AsyncDisposable {
  /** host:port */
  readonly address: string;
}

export function hasRedisServer(): boolean {
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** A Redis of this run only, which keeps nothing on disk. */
export async function startRedisServer(context: LaunchContext): Promise<RedisServer> {
  const port = await findFreePort();
  const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', dir: context.folder };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = await startServerProcess({
    name: 'redis-server',
    command: context.pinning.support(['redis-server', ...args]),
    env: plainEnvironment(),
    logFile: logFileOf(context, 'redis-server'),
    isReady: () => answersPing(port),
    signal: context.signal,
  });
  return {
    address: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function answersPing(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    const signal = AbortSignal.timeout(1_000);
    await once(socket, 'connect', { signal });
    socket.write('PING\r\n');
    const [reply] = (await once(socket, 'data', { signal })) as [Buffer];
    return reply.toString().startsWith('+PONG');
  } finally {
    socket.destroy();
  }
}
