import type { ServerOptions } from 'socket.io';

/** What `Server({ adapter })` of socket.io takes; undefined for the one it has built in. */
export type SocketAdapter = ServerOptions['adapter'] | undefined;

/**
 * How the socket servers of all instances reach each other's clients. Implementations must pass
 * `realtimeAdapterContract()`; those of several instances also `sharedRealtimeAdapterContract()`.
 *
 * Guarantees: an event to a room reaches every socket in it and no other; `disconnectSockets` on a room closes every
 * socket in it; with a shared store both hold for the sockets of every instance.
 */
export abstract class RealtimeAdapter {
  abstract create(): SocketAdapter;

  /** Lets go of connections; after the socket server is closed. */
  abstract close(): Promise<void>;
}
