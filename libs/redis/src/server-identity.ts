/** Calls back when a connection is lost, and when one is there again. */
export interface ConnectionWatch {
  readonly onLost: () => void;
  readonly onReady: () => void;
}

/** A connection, as far as it matters who is at the other end. */
export interface IdentifiableServer {
  readonly isReady: boolean;
  watch(watch: ConnectionWatch): void;
  /** Names the server processes that hold the data now. */
  incarnation(): Promise<string>;
}

const IDENTIFY_AGAIN_MS = 250;

/**
 * Who is at the other end of a connection. A server that was restarted or replaced may have lost what was written
 * last, so that after each loss of the connection it is unknown until it has said its name again, and `admit` has done
 * what is to be done before it is believed.
 */
export class ServerIdentity {
  private known: string | undefined;
  private connections = 0;
  private retry: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly server: IdentifiableServer,
    private readonly admit: (incarnation: string) => Promise<void>,
  ) {}

  /** Resolves after the first attempt, if there is a connection already. */
  async start(): Promise<void> {
    this.server.watch({ onLost: () => this.forget(), onReady: () => void this.identify() });
    if (this.server.isReady) await this.identify();
  }

  stop(): void {
    this.stopped = true;
    this.forget();
  }

  /** Undefined while it is not known. */
  get current(): string | undefined {
    return this.known;
  }

  private forget(): void {
    this.connections += 1;
    this.known = undefined;
    clearTimeout(this.retry);
  }

  private async identify(): Promise<void> {
    const connection = this.connections;
    try {
      const incarnation = await this.server.incarnation();
      await this.admit(incarnation);
      if (connection === this.connections) this.known = incarnation;
    } catch {
      if (connection !== this.connections || this.stopped) return;
      this.retry = setTimeout(() => void this.identify(), IDENTIFY_AGAIN_MS).unref();
    }
  }
}
