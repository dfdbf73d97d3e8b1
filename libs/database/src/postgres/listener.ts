import type { Pool, PoolClient } from 'pg';

const RETRY_DELAY_MS = 500;

/** Listens to a channel on a connection that it takes from the pool, and takes another when that one breaks. */
export class Listener {
  private client: PoolClient | undefined;
  private retry: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly pool: Pool,
    private readonly channel: string,
    private readonly onNotify: () => void,
  ) {}

  /** Resolves after the first attempt, whether or not it succeeded. */
  async start(): Promise<void> {
    try {
      const client = await this.pool.connect();
      client.on('notification', this.onNotify);
      client.once('error', (error) => this.lose(client, error));
      client.once('end', () => this.lose(client, new Error('The listening connection ended')));
      this.client = client;
      await client.query(`LISTEN ${this.channel}`);
      // What was notified while nobody listened.
      this.onNotify();
    } catch (error) {
      if (this.client !== undefined) this.lose(this.client, error as Error);
      else this.startLater();
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    const { client } = this;
    this.client = undefined;
    client?.release(true);
  }

  private lose(client: PoolClient, error: Error): void {
    if (this.client !== client) return;
    this.client = undefined;
    client.removeAllListeners('notification');
    client.release(error);
    this.startLater();
  }

  private startLater(): void {
    if (!this.stopped) this.retry = setTimeout(() => void this.start(), RETRY_DELAY_MS).unref();
  }
}
