import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { ensureProgram } from './ensure-programs.js';
import { ServerGuard } from './server-guard.js';
import { startOnPort } from './server-port.js';
import { ServerProcess } from './server-process.js';

export interface RedisServerOptions {
  /** A free one unless given. */
  readonly port?: number;
  /** Appended to the command line, e.g. `['--maxmemory', '10mb']`; the last one wins. */
  readonly args?: readonly string[];
  /** False unless given. True: an acknowledged write survives `kill()` and `restart()`. */
  readonly persistence?: boolean;
}

/**
 * A Redis server of our own on 127.0.0.1. The server and its temporary folder go when `stop()` is
 * called or the test process ends, whichever comes first and however it ends.
 */
export class RedisServer {
  readonly #program: string;
  readonly #guard: ServerGuard;
  readonly #options: RedisServerOptions;
  #port = 0;
  #process: ServerProcess | undefined;

  private constructor(program: string, guard: ServerGuard, options: RedisServerOptions) {
    this.#program = program;
    this.#guard = guard;
    this.#options = options;
  }

  /** Resolves once the server answers commands. Installs or names what is missing. */
  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const program = await ensureProgram('redis-server');
    const folder = await mkdtemp(join(tmpdir(), 'mockingbird-redis-'));
    const server = new RedisServer(program, new ServerGuard(folder, 'KILL'), options);
    try {
      server.#port = await startOnPort(options.port, (port) => server.#launch(port));
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  get port(): number {
    return this.#port;
  }

  /** host:port */
  get addr(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** The process the operating system knows as the server; undefined while it is down. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Where data and log are, until `stop()`. */
  get folder(): string {
    return this.#guard.folder;
  }

  /** Freezes the server: connections stay open, nothing is answered. */
  async pause(): Promise<void> {
    await this.#process?.pause();
  }

  async resume(): Promise<void> {
    await this.#process?.resume();
  }

  /** A crash: the server ends at once, nothing is flushed, no client is told. */
  async kill(): Promise<void> {
    await this.#process?.kill();
    this.#process = undefined;
  }

  /** Starts again on the same port and folder, after an orderly end if it still runs. */
  async restart(): Promise<void> {
    await this.#process?.terminate('SIGTERM');
    this.#process = undefined;
    await this.#launch(this.#port);
  }

  async flushAll(): Promise<void> {
    await this.#withClient(this.#port, (client) => client.flushall());
  }

  /** Cuts every connection of others; the server goes on. */
  async killConnections(): Promise<void> {
    await this.#withClient(this.#port, (client) => client.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes'));
  }

  /** Ends the server and removes its folder. May be called in any state, and again. */
  async stop(): Promise<void> {
    await this.#process?.kill();
    this.#process = undefined;
    await this.#guard.release();
  }

  async #launch(port: number): Promise<void> {
    const launched = await ServerProcess.launch({
      command: this.#program,
      args: this.#args(port),
      guard: this.#guard,
      logFile: join(this.folder, 'redis.log'),
    });
    this.#process = launched;
    try {
      await launched.untilReady(() => this.#answersOn(port));
    } catch (error) {
      await launched.kill();
      this.#process = undefined;
      throw error;
    }
  }

  #args(port: number): string[] {
    const { persistence = false, args = [] } = this.#options;
    const network = ['--port', String(port), '--bind', '127.0.0.1', '--daemonize', 'no'];
    const storage = ['--dir', this.folder, '--save', '', '--appendonly', persistence ? 'yes' : 'no'];
    return [...network, ...storage, '--appendfsync', 'always', ...args];
  }

  /** Whether it is this server that answers there, its data loaded, and not another on that port. */
  async #answersOn(port: number): Promise<boolean> {
    const info = await this.#withClient(port, (client) => client.info());
    return info.includes(`process_id:${this.#process?.pid}\r`) && info.includes('loading:0\r');
  }

  async #withClient<T>(port: number, use: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis({
      host: '127.0.0.1',
      port,
      lazyConnect: true,
      connectTimeout: 2_000,
      commandTimeout: 10_000,
      enableReadyCheck: false,
      retryStrategy: () => null,
    });
    client.on('error', () => {});
    try {
      await client.connect();
      return await use(client);
    } finally {
      // On a connection that was refused it would wait for a close that never comes.
      if (client.status !== 'end') client.disconnect();
    }
  }
}
