import { Client } from 'pg';
import { createDatabase } from './database-admin.js';
import { initCluster, launchCluster, planCluster, type PostgresCluster } from './postgres-cluster.js';
import { startOnPort } from './server-port.js';
import type { ServerProcess } from './server-process.js';

export interface PostgresServerOptions {
  /** A free one unless given. */
  readonly port?: number;
  /** True unless given: what is committed survives `kill()`. False is faster and promises nothing. */
  readonly durable?: boolean;
  /** Server settings, as in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Keeps what a killed server leaves behind inside the folder that is removed.
  dynamic_shared_memory_type: 'mmap',
};
const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * A Postgres server of our own on 127.0.0.1, with its data in a temporary folder. Superuser
 * `postgres`, no password. The server and the folder go when `stop()` is called or the test process
 * ends, whichever comes first and however it ends.
 */
export class PostgresServer {
  readonly #cluster: PostgresCluster;
  readonly #settings: Readonly<Record<string, string>>;
  #port = 0;
  #process: ServerProcess | undefined;

  private constructor(cluster: PostgresCluster, settings: Readonly<Record<string, string>>) {
    this.#cluster = cluster;
    this.#settings = settings;
  }

  /** Resolves once the server answers queries. Installs or names what is missing. */
  static async start(options: PostgresServerOptions = {}): Promise<PostgresServer> {
    const durability = options.durable === false ? NOT_DURABLE : {};
    const server = new PostgresServer(await planCluster(), {
      ...SETTINGS,
      ...durability,
      ...options.settings,
    });
    try {
      await initCluster(server.#cluster);
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

  /** The process the operating system knows as the server; undefined while it is down. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Where data and log are, until `stop()`. */
  get folder(): string {
    return this.#cluster.guard.folder;
  }

  url(database = 'postgres'): string {
    return `postgres://postgres@127.0.0.1:${this.#port}/${database}`;
  }

  /**
   * Creates a database of a unique name and answers its address. `template` is the name or address
   * of a database that nobody is connected to; without it the new one is empty.
   */
  async createDatabase(template?: string): Promise<string> {
    return createDatabase(this.url(), template);
  }

  /** Freezes every process of the server: connections stay open, nothing is answered. */
  async pause(): Promise<void> {
    await this.#process?.pause();
  }

  async resume(): Promise<void> {
    await this.#process?.resume();
  }

  /** A crash: every process ends at once, nothing is flushed, no client is told. */
  async kill(): Promise<void> {
    await this.#process?.kill();
    this.#process = undefined;
  }

  /** Starts again on the same port and data, after an orderly end if it still runs. */
  async restart(): Promise<void> {
    await this.#process?.terminate('SIGINT');
    this.#process = undefined;
    await this.#launch(this.#port);
  }

  /** Ends the server and removes its folder. May be called in any state, and again. */
  async stop(): Promise<void> {
    await this.#process?.terminate('SIGQUIT');
    this.#process = undefined;
    await this.#cluster.guard.release();
  }

  async #launch(port: number): Promise<void> {
    const launched = await launchCluster(this.#cluster, { ...this.#settings, port: String(port) });
    this.#process = launched;
    try {
      await launched.untilReady(() => this.#answersOn(port));
    } catch (error) {
      await launched.terminate('SIGQUIT');
      this.#process = undefined;
      throw error;
    }
  }

  /** Whether it is this server that answers there, and not another that took the port. */
  async #answersOn(port: number): Promise<boolean> {
    const client = new Client({
      host: '127.0.0.1',
      port,
      user: 'postgres',
      database: 'postgres',
      connectionTimeoutMillis: 2_000,
      query_timeout: 2_000,
    });
    client.on('error', () => {});
    try {
      await client.connect();
      const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
      return rows[0]?.data_directory === this.#cluster.dataFolder;
    } finally {
      await client.end();
    }
  }
}
