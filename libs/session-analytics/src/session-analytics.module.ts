import { Module } from '@nestjs/common';
import { EndedSessionRemoval } from './ended-session-removal.js';
import { EventPartitioning } from './event-partitioning.js';
import { EventRetention } from './event-retention.js';
import { SessionAnalyticsController } from './http/index.js';
import { CountedDays, DayCounts, DayReports, SuspiciousActivity } from './postgres/index.js';
import { ConfigurableModuleClass } from './session-analytics.module-definition.js';
import { SessionDayCounter } from './session-day-counter.js';
import { SessionReports } from './session-reports.service.js';

@Module({
  controllers: [SessionAnalyticsController],
  providers: [
    CountedDays,
    DayCounts,
    DayReports,
    EndedSessionRemoval,
    EventPartitioning,
    EventRetention,
    SessionDayCounter,
    SessionReports,
    SuspiciousActivity,
  ],
})
export class SessionAnalyticsModule extends ConfigurableModuleClass {}
