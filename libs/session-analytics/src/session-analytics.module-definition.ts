import { ConfigurableModuleBuilder } from '@nestjs/common';
import { SESSION_ANALYTICS_OPTIONS, type SessionAnalyticsOptions } from './session-analytics.options.js';

export const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<SessionAnalyticsOptions>({
  moduleName: 'SessionAnalytics',
  optionsInjectionToken: SESSION_ANALYTICS_OPTIONS,
})
  .setClassMethodName('forRoot')
  .build();
