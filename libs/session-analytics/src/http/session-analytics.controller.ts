import { csvAnswer, decodeCursor, DescribeRoute, encodeCursor, Roles, toPage } from '@app/http';
import { eventPosition } from '@app/sessions/http';
import { Limited } from '@app/rate-limit/http';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SessionReports } from '../session-reports.service.js';
import { fileNameOf } from './report-form.js';
import { activityForm, deviceForm, refreshForm, revocationForm } from './report-forms.js';
import {
  rangeQuery,
  reportQuery,
  suspicionQuery,
  type RangeQuery,
  type ReportQuery,
  type SuspicionQuery,
} from './report-query.js';
import { summaryView, toSummaryView } from './summary.view.js';
import {
  SUSPICION_COLUMNS,
  SUSPICION_MEANINGS,
  suspicionListView,
  toSuspicionRows,
  toSuspicionView,
} from './suspicion.view.js';

@ApiTags('admin')
@Roles('admin')
@Limited({ group: 'reports', tokens: 5 })
@Controller('admin/session-analytics')
export class SessionAnalyticsController {
  constructor(private readonly reports: SessionReports) {}

  @Get('summary')
  @DescribeRoute({ summary: 'Days of sessions in a few numbers (admins)', answer: summaryView })
  async summary(@Query({ schema: rangeQuery }) query: RangeQuery) {
    return toSummaryView(await this.reports.summary(query));
  }

  @Get('activity')
  @DescribeRoute({
    summary: 'Active users and sessions by day (admins)',
    description: 'Days that were counted, the oldest first. Today is preliminary.',
    answer: activityForm.view,
    csv: activityForm.columns,
  })
  async activity(@Query({ schema: reportQuery }) query: ReportQuery) {
    return activityForm.answer(query.format, await this.reports.activity(query));
  }

  @Get('refreshes')
  @DescribeRoute({
    summary: 'What became of refresh tokens by day (admins)',
    answer: refreshForm.view,
    csv: refreshForm.columns,
  })
  async refreshes(@Query({ schema: reportQuery }) query: ReportQuery) {
    return refreshForm.answer(query.format, await this.reports.refreshes(query));
  }

  @Get('devices')
  @DescribeRoute({
    summary: 'Devices over all days, those used most first (admins)',
    answer: deviceForm.view,
    csv: deviceForm.columns,
  })
  async devices(@Query({ schema: reportQuery }) query: ReportQuery) {
    return deviceForm.answer(query.format, await this.reports.devices(query));
  }

  @Get('revocations')
  @DescribeRoute({
    summary: 'Why sessions were ended, by day (admins)',
    answer: revocationForm.view,
    csv: revocationForm.columns,
  })
  async revocations(@Query({ schema: reportQuery }) query: ReportQuery) {
    return revocationForm.answer(query.format, await this.reports.revocations(query));
  }

  @Get('suspicious-activity')
  @DescribeRoute({
    summary: 'What to look into, the newest first (admins)',
    description: `Within one hour of the clock: ${SUSPICION_MEANINGS}, or more. CSV has all of the range, on no pages.`,
    answer: suspicionListView,
    csv: SUSPICION_COLUMNS,
  })
  async suspiciousActivity(@Query({ schema: suspicionQuery }) query: SuspicionQuery) {
    return query.format === 'csv' ? this.suspicionsAsCsv(query) : this.suspicions(query);
  }

  private async suspicions({ limit, cursor, ...asked }: SuspicionQuery) {
    const after = cursor === undefined ? undefined : decodeCursor(cursor, eventPosition);
    const found = await this.reports.suspicions(asked, { limit: limit + 1, after });
    return toPage(found, limit, toSuspicionView, ({ position, id }) => encodeCursor({ at: position, id }));
  }

  private async suspicionsAsCsv(asked: SuspicionQuery) {
    const { range, rows } = await this.reports.everySuspicion(asked);
    const fileName = fileNameOf('suspicious-activity', range);
    return csvAnswer({ fileName, columns: SUSPICION_COLUMNS, rows: toSuspicionRows(rows) });
  }
}
