import { ConfigurableModuleBuilder } from '@nestjs/common';
import { EXAMS_OPTIONS, type ExamsOptions } from './exams.options.js';

export const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<ExamsOptions>({
  moduleName: 'Exams',
  optionsInjectionToken: EXAMS_OPTIONS,
})
  .setClassMethodName('forRoot')
  .setExtras({}, (definition) => ({ ...definition, global: true }))
  .build();
