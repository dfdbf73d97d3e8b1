import type { AccessToken } from '@app/auth';
import type { Socket } from 'socket.io';

/** Longest delay of a timer. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Who a socket belongs to. It closes when the latest token expires. */
export class SocketIdentity {
  readonly watched = new Set<string>();
  private expiry: NodeJS.Timeout | undefined;

  private constructor(
    private readonly socket: Socket,
    public token: AccessToken,
  ) {
    this.renew(token);
  }

  static attach(socket: Socket, token: AccessToken): void {
    socket.data.identity = new SocketIdentity(socket, token);
  }

  static of(socket: Socket): SocketIdentity {
    return socket.data.identity as SocketIdentity;
  }

  renew(token: AccessToken): void {
    this.token = token;
    clearTimeout(this.expiry);
    const delayMs = Math.min(Math.max(0, token.expiresAtMs - Date.now()), MAX_DELAY_MS);
    this.expiry = setTimeout(() => this.expire(), delayMs).unref();
  }

  end(): void {
    clearTimeout(this.expiry);
  }

  /** Tells the client to come back with another token. */
  expire(): void {
    this.socket.emit('token.expired', {});
    this.socket.disconnect(true);
  }
}
