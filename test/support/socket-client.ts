import { once } from 'node:events';
import { io, type Socket } from 'socket.io-client';
import type { TestApp } from './test-app.js';

const WITHIN_MS = 5000;

export interface ReceivedEvent {
  readonly name: string;
  readonly body: Record<string, unknown>;
}

/** A client's socket that remembers what it received. */
export class SocketClient {
  readonly received: ReceivedEvent[] = [];

  constructor(readonly socket: Socket) {
    socket.onAny((name: string, body: Record<string, unknown>) => this.received.push({ name, body }));
  }

  /** The first event of a name that fits, already received or yet to come. */
  async event(name: string, fits: (body: Record<string, unknown>) => boolean = () => true, withinMs = WITHIN_MS) {
    const find = () => this.received.find((event) => event.name === name && fits(event.body));
    const signal = AbortSignal.timeout(withinMs);
    for (;;) {
      const found = find();
      if (found !== undefined) return found.body;
      await new Promise<void>((resolve, reject) => {
        const onAny = () => {
          this.socket.offAny(onAny);
          resolve();
        };
        this.socket.onAny(onAny);
        signal.addEventListener('abort', () => reject(new Error(`No ${name} within ${withinMs} ms`)), { once: true });
      });
    }
  }

  /** Sends an event and waits for its acknowledgement. */
  ask(name: string, ...args: unknown[]): Promise<Record<string, unknown>> {
    return this.socket.timeout(WITHIN_MS).emitWithAck(name, ...args) as Promise<Record<string, unknown>>;
  }

  /** Resolves once the server has closed it, with the milliseconds that took. */
  async closed(withinMs = WITHIN_MS): Promise<number> {
    const started = performance.now();
    if (this.socket.connected) {
      await once(this.socket as never, 'disconnect', { signal: AbortSignal.timeout(withinMs) });
    }
    return performance.now() - started;
  }

  close(): void {
    this.socket.close();
  }
}

/** Opens a socket and waits until it is let in; rejects with the server's error where it is not. */
export async function connectSocket({ url }: Pick<TestApp, 'url'>, token?: unknown): Promise<SocketClient> {
  const socket = io(url, {
    auth: token === undefined ? {} : { token },
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  });
  const client = new SocketClient(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error) => {
      socket.close();
      reject(error);
    });
  });
  return client;
}

/** The code with which the server refuses a socket. */
export async function refusalOf(app: Pick<TestApp, 'url'>, token?: unknown): Promise<string> {
  const outcome = await connectSocket(app, token).catch((error: unknown) => error);
  if (outcome instanceof SocketClient) {
    outcome.close();
    return 'let in';
  }
  return (outcome as { data?: { code?: string } }).data?.code ?? String(outcome);
}
