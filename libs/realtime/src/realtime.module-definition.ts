import { ConfigurableModuleBuilder, type Type } from '@nestjs/common';
import { MemoryRealtimeAdapter } from './memory/index.js';
import { RealtimeAdapter } from './realtime-adapter.js';

interface RealtimeModuleExtras {
  /** How instances reach each other's sockets. Not at all unless given. */
  readonly adapter?: Type<RealtimeAdapter>;
}

export const { ConfigurableModuleClass } = new ConfigurableModuleBuilder({ moduleName: 'Realtime' })
  .setClassMethodName('forRoot')
  .setExtras<RealtimeModuleExtras>({}, (definition, { adapter = MemoryRealtimeAdapter }) => ({
    ...definition,
    providers: [...(definition.providers ?? []), { provide: RealtimeAdapter, useClass: adapter }],
    exports: [RealtimeAdapter],
  }))
  .build();
