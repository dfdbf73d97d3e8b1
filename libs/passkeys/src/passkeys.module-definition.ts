import { ConfigurableModuleBuilder } from '@nestjs/common';
import { PASSKEYS_OPTIONS, type PasskeysOptions } from './passkeys.options.js';

export const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<PasskeysOptions>({
  moduleName: 'Passkeys',
  optionsInjectionToken: PASSKEYS_OPTIONS,
})
  .setClassMethodName('forRoot')
  .build();
