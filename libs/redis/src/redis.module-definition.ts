import { ConfigurableModuleBuilder } from '@nestjs/common';
import { REDIS_OPTIONS, type RedisModuleOptions } from './redis.options.js';

export const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<RedisModuleOptions>({
  moduleName: 'Redis',
  optionsInjectionToken: REDIS_OPTIONS,
})
  .setClassMethodName('forRoot')
  .setExtras({}, (definition) => ({ ...definition, global: true }))
  .build();
