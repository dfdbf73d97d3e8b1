import { AdministrationModule } from '@app/administration';
import { AuthModule } from '@app/auth';
import { AccessTokenGuard, RolesStep } from '@app/auth/http';
import { CacheModule } from '@app/cache';
import { ClockModule } from '@app/clock';
import type { AppConfig, LimitConfig } from '@app/config';
import { DatabaseModule, type DatabaseAddress } from '@app/database';
import { ExamsModule } from '@app/exams';
import { ValidationPipe } from '@app/http';
import { JobsModule } from '@app/jobs';
import { MailModule } from '@app/mail';
import { ObservabilityModule } from '@app/observability';
import { PasskeysModule } from '@app/passkeys';
import { QuestionsModule } from '@app/questions';
import { RateLimitModule, type RateLimitModuleOptions, type TokenBucket } from '@app/rate-limit';
import { RateLimitGuard } from '@app/rate-limit/http';
import { RealtimeModule } from '@app/realtime';
import { ResilienceModule } from '@app/resilience';
import { SecondFactorModule } from '@app/second-factor';
import { SessionAnalyticsModule } from '@app/session-analytics';
import { SessionsModule } from '@app/sessions';
import { UsersModule } from '@app/users';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { Draining } from './draining.js';
import { FirstAccounts } from './first-accounts.js';
import { mailerFor } from './mailer.js';
import { migrations } from './migrations.js';
import { ProblemFilter } from './problem.filter.js';
import { RequestGate } from './request-gate.js';
import { sessionPoliciesOf } from './session-policies.js';
import { storesFor } from './stores.js';

/** What the configuration cannot say: found or made at start. */
export interface Runtime {
  readonly database: DatabaseAddress;
  readonly secret: string;
}

/** The composition root: the only place that picks adapters, as a function of the validated configuration. */
@Module({})
export class AppModule {
  /** @param features modules beside the product's own */
  static async forConfig(config: AppConfig, runtime: Runtime, features: readonly Type[] = []): Promise<DynamicModule> {
    const stores = await storesFor(config);
    const { tokens } = config;
    return {
      module: AppModule,
      imports: [
        ClockModule,
        ObservabilityModule,
        ResilienceModule,
        DatabaseModule.forRoot({
          address: runtime.database,
          ...config.database,
          migrations,
        }),
        ...stores.modules,
        CacheModule.forRoot({ ...config.cache, ...stores.cache }),
        RateLimitModule.forRoot({ ...limitsOf(config.rateLimit), ...stores.rateLimit }),
        JobsModule.forRoot({
          migrateOnStart: config.database.migrateOnStart,
          drainTimeoutMs: config.http.shutdownTimeoutMs / 2,
          alone: 'socketDir' in runtime.database,
        }),
        MailModule.forRoot({ ...config.mail, ...(await mailerFor(config)) }),
        UsersModule,
        SessionsModule.forRoot({
          secret: runtime.secret,
          policies: sessionPoliciesOf(tokens),
          accessTtlMs: tokens.accessTtlMs,
          accessCheck: tokens.accessCheck,
          ...stores.sessions,
        }),
        AuthModule.forRoot({
          secret: runtime.secret,
          accessTtlMs: tokens.accessTtlMs,
          keyPropagationMs: tokens.keyPropagationMs,
          stepUpTtlMs: tokens.stepUpTtlMs,
          browserOrigins: config.http.corsOrigins,
          loginLimit: bucketOf(config.authRateLimit),
          addressLoginLimit: bucketOf(config.authAddressRateLimit),
        }),
        SecondFactorModule.forRoot({
          secret: runtime.secret,
          serviceName: config.serviceName,
          limited: config.authRateLimit.enabled,
        }),
        PasskeysModule.forRoot({ secret: runtime.secret, serviceName: config.serviceName, ...config.passkeys }),
        AdministrationModule,
        SessionAnalyticsModule.forRoot({ eventRetentionMs: tokens.authEventRetentionMs }),
        QuestionsModule,
        ExamsModule.forRoot({ ...config.exams, finalise: true }),
        RealtimeModule.forRoot({ ...stores.realtime }),
        ...features,
      ],
      providers: [
        AccessTokenGuard,
        RolesStep,
        RateLimitGuard,
        RequestGate,
        { provide: APP_PIPE, useClass: ValidationPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
        Draining,
        FirstAccounts,
      ],
    };
  }
}

function bucketOf({ enabled, requestsPerSecond, burst }: LimitConfig): TokenBucket | undefined {
  return enabled ? { tokensPerSecond: requestsPerSecond, burst } : undefined;
}

function limitsOf({ policies, allowed, ...limit }: AppConfig['rateLimit']): RateLimitModuleOptions {
  const requests = bucketOf(limit);
  return { policies: requests && { requests, ...policies }, allowed };
}
