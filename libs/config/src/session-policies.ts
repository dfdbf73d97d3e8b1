import { z } from 'zod';
import { durationMs, lifetimeMs, whole } from './value-schemas.js';

const RULES = z.strictObject({
  idle: lifetimeMs.optional(),
  absolute: lifetimeMs.optional(),
  grace: durationMs.optional(),
  limit: whole(1, 1000).optional(),
});
const ROLES = z.strictObject({ learner: RULES.optional(), teacher: RULES.optional(), admin: RULES.optional() });

/** `admin:idle=8h,absolute=7d,grace=5s,limit=3;teacher:idle=7d`. A role or a rule that is named twice is refused. */
export const sessionPolicies = z
  .string()
  .transform((text, context): unknown => {
    const roles = pairs(text, ';', ':')?.map(([role, rules]) => [role, record(pairs(rules, ',', '='))] as const);
    const byRole = roles?.every(([, rules]) => rules !== undefined) ? record(roles) : undefined;
    if (byRole === undefined) context.addIssue({ code: 'custom', message: 'not of this form' });
    return byRole;
  })
  .pipe(ROLES);

function pairs(text: string, between: string, inside: string): [string, string][] | undefined {
  const found = text
    .split(between)
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .map((pair) => pair.split(inside).map((side) => side.trim()));
  return found.every((sides): sides is [string, string] => sides.length === 2) ? found : undefined;
}

/** Undefined when a name comes twice. */
function record<Value>(entries: readonly (readonly [string, Value])[] | undefined): Record<string, Value> | undefined {
  const names = new Set(entries?.map(([name]) => name));
  return names.size === entries?.length ? Object.fromEntries(entries) : undefined;
}
