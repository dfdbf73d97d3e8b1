import { Database } from '@app/database';
import { Injectable } from '@nestjs/common';
import { CountedDays, databaseTime, DayReports, SuspiciousActivity, type SuspicionPosition } from './postgres/index.js';
import { reportRange, type AskedRange, type ReportRange } from './report-range.js';
import type { ActivityDay, DeviceUse, RefreshDay, Report, RevocationDay, Suspicion } from './reports.js';
import { summarise, type SummaryReport } from './summary.js';
import type { SuspicionKind } from './suspicion.js';
import { dayOf } from './utc-day.js';

/** Rows of a long list that are in memory at once. */
const PAGE = 500;

export interface AskedSuspicions extends AskedRange {
  readonly kind?: SuspicionKind | undefined;
}

/**
 * What was counted, for those who run the installation.
 *
 * @throws {InvalidInputError} from every method, for a range that is none or too long
 */
@Injectable()
export class SessionReports {
  constructor(
    private readonly days: DayReports,
    private readonly counted: CountedDays,
    private readonly suspicious: SuspiciousActivity,
    private readonly database: Database,
  ) {}

  async summary(asked: AskedRange): Promise<SummaryReport> {
    const range = await this.rangeOf(asked);
    const [activity, refreshes, revocations, suspicious] = [
      await this.days.activity(range),
      await this.days.refreshes(range),
      await this.days.revocations(range),
      await this.suspicious.counts(range),
    ];
    const computedAt = await this.counted.computedAt();
    return { range, computedAt, ...summarise({ activity, refreshes, revocations, suspicious }) };
  }

  activity(asked: AskedRange): Promise<Report<ActivityDay>> {
    return this.report(asked, (range) => this.days.activity(range));
  }

  refreshes(asked: AskedRange): Promise<Report<RefreshDay>> {
    return this.report(asked, (range) => this.days.refreshes(range));
  }

  revocations(asked: AskedRange): Promise<Report<RevocationDay>> {
    return this.report(asked, (range) => this.days.revocations(range));
  }

  devices(asked: AskedRange): Promise<Report<DeviceUse>> {
    return this.report(asked, (range) => this.days.devices(range));
  }

  /** The newest first, after a position. */
  async suspicions(
    { kind, ...asked }: AskedSuspicions,
    { limit, after }: { readonly limit: number; readonly after?: SuspicionPosition | undefined },
  ): Promise<Suspicion[]> {
    return this.suspicious.page({ range: await this.rangeOf(asked), kind, limit, after });
  }

  /** All of them, the newest first, a page in memory at a time. */
  async everySuspicion({ kind, ...asked }: AskedSuspicions): Promise<{
    readonly range: ReportRange;
    readonly rows: AsyncIterable<Suspicion>;
  }> {
    const range = await this.rangeOf(asked);
    return { range, rows: this.suspicionsOf(range, kind) };
  }

  private async *suspicionsOf(range: ReportRange, kind: SuspicionKind | undefined): AsyncGenerator<Suspicion> {
    let after: SuspicionPosition | undefined;
    for (;;) {
      const page = await this.suspicious.page({ range, kind, limit: PAGE, after });
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      after = { at: last.position, id: last.id };
    }
  }

  private async report<Row>(asked: AskedRange, read: (range: ReportRange) => Promise<Row[]>): Promise<Report<Row>> {
    const range = await this.rangeOf(asked);
    return { range, rows: await read(range), computedAt: await this.counted.computedAt() };
  }

  private async rangeOf(asked: AskedRange): Promise<ReportRange> {
    return reportRange(asked, dayOf(await databaseTime(this.database)));
  }
}
