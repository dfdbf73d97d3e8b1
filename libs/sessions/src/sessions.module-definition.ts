import { ConfigurableModuleBuilder, type Type } from '@nestjs/common';
import { MemorySessionStore, MemoryTokenBlacklist } from './memory/index.js';
import { SessionStore } from './session-store.js';
import { SESSIONS_OPTIONS, type SessionsOptions } from './sessions.options.js';
import { TokenBlacklist } from './token-blacklist.js';

interface SessionsModuleExtras {
  /** The projection in front of the ledger. In memory unless given. */
  readonly blacklist?: Type<TokenBlacklist>;
  readonly store?: Type<SessionStore>;
}

export const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<SessionsOptions>({
  moduleName: 'Sessions',
  optionsInjectionToken: SESSIONS_OPTIONS,
})
  .setClassMethodName('forRoot')
  .setExtras<SessionsModuleExtras>(
    {},
    (definition, { blacklist = MemoryTokenBlacklist, store = MemorySessionStore }) => ({
      ...definition,
      global: true,
      providers: [
        ...(definition.providers ?? []),
        { provide: TokenBlacklist, useClass: blacklist },
        { provide: SessionStore, useClass: store },
      ],
    }),
  )
  .build();
