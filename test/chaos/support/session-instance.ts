import { ClockModule } from '@app/clock';
import { DatabaseModule } from '@app/database';
import { ObservabilityModule } from '@app/observability';
import { RedisModule } from '@app/redis';
import { ResilienceModule } from '@app/resilience';
import { AccessCheck, RefreshRotation, SessionsModule, SessionsService, TokenBlacklist } from '@app/sessions';
import { RedisSessionStore, RedisTokenBlacklist } from '@app/sessions/redis';
import { UsersModule, UsersService } from '@app/users';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { migrations } from '../../../apps/api/src/migrations.js';
import { RevocationLog, SessionLedger } from '../../../libs/sessions/src/postgres/index.js';

/** Which of the ways to learn of a revocation is looked at. */
export type AccessMode = 'strict, redis' | 'strict, memory' | 'streamed';

/** The session services of one process, on real servers, without HTTP. */
export interface SessionInstance {
  readonly context: INestApplicationContext;
  readonly users: UsersService;
  readonly sessions: SessionsService;
  readonly rotation: RefreshRotation;
  readonly access: AccessCheck;
  readonly blacklist: TokenBlacklist;
  readonly ledger: SessionLedger;
  readonly log: RevocationLog;
  /** It is being stopped: what it is asked now may fail. */
  ended: boolean;
}

export interface SessionServers {
  readonly databaseUrl: string;
  readonly redisAddr: string;
}

// oxlint-disable-next-line typescript/no-extraneous-class -- Nest asks for a class, with nothing in it
class SessionInstanceModule {}

export async function startSessionInstance(mode: AccessMode, servers: SessionServers): Promise<SessionInstance> {
  const redis = mode === 'strict, redis';
  const context = await NestFactory.createApplicationContext(
    {
      module: SessionInstanceModule,
      imports: [
        ClockModule,
        ObservabilityModule,
        ResilienceModule,
        DatabaseModule.forRoot({
          address: { url: servers.databaseUrl },
          poolMin: 2,
          poolMax: 10,
          acquireTimeoutMs: 5000,
          statementTimeoutMs: 10_000,
          migrations,
          migrateOnStart: true,
        }),
        ...(redis ? [RedisModule.forRoot({ addr: servers.redisAddr })] : []),
        UsersModule,
        SessionsModule.forRoot({
          secret: 'a secret for session instances of a test',
          policies: {
            everyone: { idleTtlMs: 3_600_000, absoluteTtlMs: 3_600_000, graceMs: 30_000, sessionLimit: 1000 },
            byRole: {},
          },
          accessTtlMs: 600_000,
          accessCheck: mode === 'streamed' ? 'streamed' : 'strict',
          ...(redis ? { blacklist: RedisTokenBlacklist, store: RedisSessionStore } : {}),
        }),
      ],
    },
    { logger: false, abortOnError: false },
  );
  return {
    context,
    users: context.get(UsersService),
    sessions: context.get(SessionsService),
    rotation: context.get(RefreshRotation),
    access: context.get(AccessCheck),
    blacklist: context.get(TokenBlacklist),
    ledger: context.get(SessionLedger, { strict: false }),
    log: context.get(RevocationLog, { strict: false }),
    ended: false,
  };
}
