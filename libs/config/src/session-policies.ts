import { z } from 'zod';
import { namedRules } from './named-rules.js';
import { durationMs, lifetimeMs, whole } from './value-schemas.js';

const RULES = z.strictObject({
  idle: lifetimeMs.optional(),
  absolute: lifetimeMs.optional(),
  grace: durationMs.optional(),
  limit: whole(1, 1000).optional(),
});
const ROLES = z.strictObject({ learner: RULES.optional(), teacher: RULES.optional(), admin: RULES.optional() });

/** `admin:idle=8h,absolute=7d,grace=5s,limit=3;teacher:idle=7d`. */
export const sessionPolicies = namedRules.pipe(ROLES);
