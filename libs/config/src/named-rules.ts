import { z } from 'zod';

/**
 * `admin:idle=8h,limit=3;teacher:idle=7d`, as an object of objects. A name or a rule that comes twice, or another form,
 * is refused.
 */
export const namedRules = z.string().transform((text, context): unknown => {
  const named = pairs(text, ';', ':')?.map(([name, rules]) => [name, record(pairs(rules, ',', '='))] as const);
  const byName = named?.every(([, rules]) => rules !== undefined) ? record(named) : undefined;
  if (byName === undefined) context.addIssue({ code: 'custom', message: 'not of this form' });
  return byName;
});

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
