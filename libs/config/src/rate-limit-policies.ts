import { z } from 'zod';
import { namedRules } from './named-rules.js';
import { positive, whole } from './value-schemas.js';

const BUCKET = z
  .strictObject({ requests: positive, burst: whole(1, 1_000_000_000) })
  .transform(({ requests, burst }) => ({ tokensPerSecond: requests, burst }));

const CALLERS = { anonymous: BUCKET, learner: BUCKET, teacher: BUCKET, admin: BUCKET };
const GROUPS = { answers: BUCKET, reports: BUCKET };

/** `anonymous:requests=5,burst=50;answers:requests=10,burst=100`: callers, and groups of routes. */
export const rateLimitPolicies = namedRules
  .pipe(z.strictObject({ ...CALLERS, ...GROUPS }).partial())
  .transform(({ answers, reports, ...callers }) => ({
    callers: definedOf(callers),
    groups: definedOf({ answers, reports }),
  }));

function definedOf<Value>(values: Readonly<Record<string, Value | undefined>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== undefined));
}
