import { ConfigurableModuleBuilder } from '@nestjs/common';

export interface RedisModuleOptions {
  /** As `REDIS_ADDR`. */
  readonly addr: string;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: REDIS_OPTIONS } =
  new ConfigurableModuleBuilder<RedisModuleOptions>({ moduleName: 'Redis' })
    .setClassMethodName('forRoot')
    .setExtras({}, (definition) => ({ ...definition, global: true }))
    .build();
