import { ConfigurableModuleBuilder } from '@nestjs/common';
import { JOBS_OPTIONS, type JobsOptions } from './jobs.options.js';

export const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<JobsOptions>({
  moduleName: 'Jobs',
  optionsInjectionToken: JOBS_OPTIONS,
})
  .setClassMethodName('forRoot')
  .setExtras({}, (definition) => ({ ...definition, global: true }))
  .build();
