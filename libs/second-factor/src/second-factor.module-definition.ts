import { ConfigurableModuleBuilder } from '@nestjs/common';
import { SECOND_FACTOR_OPTIONS, type SecondFactorOptions } from './second-factor.options.js';

export const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<SecondFactorOptions>({
  moduleName: 'SecondFactor',
  optionsInjectionToken: SECOND_FACTOR_OPTIONS,
})
  .setClassMethodName('forRoot')
  .setExtras({}, (definition) => ({ ...definition, global: true }))
  .build();
