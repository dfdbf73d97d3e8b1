import { ConfigurableModuleBuilder } from '@nestjs/common';
import { AUTH_OPTIONS, type AuthOptions } from './auth.options.js';

export const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<AuthOptions>({
  moduleName: 'Auth',
  optionsInjectionToken: AUTH_OPTIONS,
})
  .setClassMethodName('forRoot')
  .setExtras({}, (definition) => ({ ...definition, global: true }))
  .build();
