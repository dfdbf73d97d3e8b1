import { SigningKeys } from '@app/auth';
import { DomainError } from '@app/errors';
import { AttemptEvents, AttemptsService, toAttemptState, type AttemptEvent } from '@app/exams';
import { SessionRevocations, SessionRevokedError, type SessionsEnded } from '@app/sessions';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
} from '@nestjs/websockets';
import { Subscription } from 'rxjs';
import type { Server, Socket } from 'socket.io';
import { z } from 'zod';
import { RealtimeAdapter } from '../realtime-adapter.js';
import { attemptRoom, sessionRoom, userRoom } from '../rooms.js';
import { SocketAuthenticator } from '../socket-authenticator.js';
import { TimeLeftTicker } from '../time-left-ticker.js';
import { SocketIdentity } from './socket-identity.js';

/** Close code of a socket whose session has ended. */
const SESSION_ENDED = 4401;
const MAX_WATCHED = 5;
const watchSchema = z.object({ attemptId: z.uuid() });
const authSchema = z.object({ token: z.string() });

/** A learner's own events, and the end of sockets whose session has ended. */
@WebSocketGateway()
export class RealtimeGateway
  implements OnGatewayInit<Server>, OnGatewayConnection, OnGatewayDisconnect, OnApplicationShutdown
{
  private readonly logger = new Logger(RealtimeGateway.name);
  private readonly subscriptions = new Subscription();

  constructor(
    private readonly authenticator: SocketAuthenticator,
    private readonly attempts: AttemptsService,
    private readonly attemptEvents: AttemptEvents,
    private readonly revocations: SessionRevocations,
    private readonly ticker: TimeLeftTicker,
    private readonly adapter: RealtimeAdapter,
    private readonly keys: SigningKeys,
  ) {}

  afterInit(server: Server): void {
    server.use(
      (socket, next) =>
        void this.admit(socket).then(
          () => next(),
          (error: unknown) => next(handshakeError(error)),
        ),
    );
    this.subscriptions.add(this.attemptEvents.events$.subscribe((event) => this.tell(server, event)));
    this.subscriptions.add(this.revocations.ended$.subscribe((ended) => this.closeSockets(server, ended)));
    this.subscriptions.add(this.keys.withdrawn$.subscribe((kid) => expireSocketsOf(server, kid)));
    this.ticker.onTick((timeLeft) =>
      server.local.to(attemptRoom(timeLeft.attemptId)).emit('attempt.time_left', timeLeft),
    );
  }

  handleConnection(socket: Socket): void {
    void this.settle(socket);
  }

  handleDisconnect(socket: Socket): void {
    const identity = SocketIdentity.of(socket);
    identity.end();
    for (const attemptId of identity.watched) this.ticker.unwatch(attemptId);
  }

  async onApplicationShutdown(): Promise<void> {
    this.subscriptions.unsubscribe();
    await this.adapter.close();
  }

  /** In-band renewal: a socket lives as long as its latest token. */
  @SubscribeMessage('auth')
  async renew(@ConnectedSocket() socket: Socket, @MessageBody() body: unknown) {
    return answered(async () => {
      const identity = SocketIdentity.of(socket);
      const token = await this.authenticator.authenticate(authSchema.parse(body).token);
      if (token.sessionId !== identity.token.sessionId) return { code: 'auth.other_session' };
      identity.renew(token);
      return { ok: true };
    });
  }

  /** Answers the attempt's state, then counts down in `attempt.time_left`. */
  @SubscribeMessage('attempt.watch')
  async watch(@ConnectedSocket() socket: Socket, @MessageBody() body: unknown) {
    return answered(async () => {
      const identity = SocketIdentity.of(socket);
      const attempt = await this.attempts.get(identity.token.userId, watchSchema.parse(body).attemptId);
      if (attempt.status === 'in_progress' && !identity.watched.has(attempt.id)) {
        if (identity.watched.size >= MAX_WATCHED) return { code: 'realtime.too_many_watched' };
        identity.watched.add(attempt.id);
        this.ticker.watch({ attemptId: attempt.id, deadlineAt: attempt.deadlineAt, serverTime: attempt.serverTime });
        await socket.join(attemptRoom(attempt.id));
      }
      return { ok: true, attempt: toAttemptState(attempt) };
    });
  }

  private async admit(socket: Socket): Promise<void> {
    SocketIdentity.attach(socket, await this.authenticator.authenticate(tokenOf(socket)));
  }

  /**
   * Joins the rooms of an open socket, and only then checks again: a revocation that came earlier is seen here, a
   * later one closes the rooms.
   */
  private async settle(socket: Socket): Promise<void> {
    const { sessionId, userId } = SocketIdentity.of(socket).token;
    try {
      await socket.join([sessionRoom(sessionId), userRoom(userId)]);
      await this.authenticator.authenticate(tokenOf(socket));
      socket.emit('ready', { sessionId, serverTime: new Date().toISOString() });
    } catch (error) {
      if (error instanceof SessionRevokedError) socket.emit('session.ended', { code: SESSION_ENDED });
      socket.disconnect(true);
    }
  }

  private tell(server: Server, event: AttemptEvent): void {
    const room = server.to(userRoom(event.userId));
    if (event.kind === 'saved') {
      room.emit('attempt.saved', { attemptId: event.attemptId, ...event.receipt });
      return;
    }
    this.ticker.forget(event.attempt.id);
    room.emit('attempt.finalised', toAttemptState(event.attempt));
  }

  /** Those of this instance: every instance hears of every revocation. */
  private closeSockets(server: Server, { userId, sessionIds }: SessionsEnded): void {
    const rooms = sessionIds?.map(sessionRoom) ?? [userRoom(userId)];
    server.local.to(rooms).emit('session.ended', { code: SESSION_ENDED });
    server.local.in(rooms).disconnectSockets(true);
    this.logger.debug(`Closed the sockets of ${rooms.length} rooms`);
  }
}

/** Ends this instance's sockets whose token a key signed that is no longer trusted; others end theirs. */
function expireSocketsOf(server: Server, kid: string): void {
  for (const socket of server.sockets.sockets.values()) {
    const identity = SocketIdentity.of(socket);
    if (identity.token.keyId === kid) identity.expire();
  }
}

function tokenOf(socket: Socket): unknown {
  return (socket.handshake.auth as { readonly token?: unknown }).token;
}

/** Failures become part of the acknowledgement, with the code a request would have got. */
async function answered(work: () => Promise<object>): Promise<object> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DomainError) return { code: error.code };
    if (error instanceof z.ZodError) return { code: 'request.invalid' };
    throw error;
  }
}

function handshakeError(error: unknown): Error {
  const known = error instanceof DomainError;
  return Object.assign(new Error(known ? error.message : 'The socket could not be opened.'), {
    data: { code: known ? error.code : 'internal' },
  });
}
