import { planRoute } from '@app/http';

/** How requests of a route are counted. */
export interface LimitedRoute {
  /** Whose buckets they take from: those of all routes that name none, unless given. */
  readonly group?: string;
  /** What one takes; a costly route takes more than one. */
  readonly tokens?: number;
}

declare module '@app/http' {
  interface RoutePlan {
    readonly limited?: LimitedRoute;
  }
}

/** Counts requests in a group of their own, or as more than one. */
export const Limited = (limited: LimitedRoute) => planRoute({ limited });
