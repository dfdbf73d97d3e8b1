import fc from 'fast-check';
import { HOSTILE_TEXTS, HOSTILE_VALUES } from './values.js';

type Path = readonly (string | number)[];

/** One of each kind. */
const SHARPEST: readonly unknown[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '__proto__',
  'x'.repeat(7e4),
  null,
  true,
  -1,
  1.5,
  2 ** 53,
  1e300,
  [],
  {},
  [[]],
  [null],
];

/** Bodies that are wrong at one member, for every member. */
export function wrongAtEveryMember(valid: unknown): string[] {
  return pathsOf(valid).flatMap((path) => SHARPEST.map((wrong) => JSON.stringify(replaced(valid, path, wrong))));
}

/** JSON texts like the valid body, but wrong somewhere. */
export function hostileBody(valid: unknown): fc.Arbitrary<string> {
  const text = JSON.stringify(valid);
  const path = fc.constantFrom(...pathsOf(valid));
  const value = fc.oneof(
    fc.constantFrom(...HOSTILE_VALUES),
    fc.constantFrom(...HOSTILE_TEXTS),
    fc.constant('x'.repeat(70_000)),
    fc.jsonValue({ noUnicodeString: false }),
  );
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(text) },
    { weight: 6, arbitrary: fc.tuple(path, value).map(([at, wrong]) => JSON.stringify(replaced(valid, at, wrong))) },
    { weight: 2, arbitrary: path.map((at) => JSON.stringify(removed(valid, at))) },
    { weight: 2, arbitrary: fc.tuple(path, value).map(([at, more]) => JSON.stringify(extended(valid, at, more))) },
    { weight: 1, arbitrary: fc.nat({ max: text.length }).map((length) => text.slice(0, length)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        text.replace('{', '{"__proto__":{"isAdmin":true},'),
        text.replace('{', '{"constructor":{"prototype":{"x":1}},'),
        text.replace('{', '{"a":1,"a":2,'),
        `[${text}]`,
        JSON.stringify(text),
        `${text}${text}`,
        `\ufeff${text}`,
        `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
        '{"a":'.repeat(20_000),
        '',
        'NaN',
        'undefined',
        '\0',
        '"\\ud800"',
        text.replace(/"[^"]*"$/, '"\\u0000"'),
      ),
    },
  );
}

/** Everything in a JSON value that can be replaced, itself first. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const members: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...members.flatMap(([key, member]) => pathsOf(member, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: Path, wrong: unknown): unknown {
  if (key === undefined) return wrong;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[key] = replaced(copy[key], rest, wrong);
  return copy;
}

function removed(value: unknown, path: Path): unknown {
  if (path.length === 0) return undefined;
  const [key = '', ...rest] = path;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  if (rest.length === 0) delete copy[key];
  else copy[key] = removed(copy[key], rest);
  return copy;
}

/** With one member too many at the object nearest to the path. */
function extended(value: unknown, path: Path, more: unknown): unknown {
  const [key, ...rest] = path;
  if (typeof value !== 'object' || value === null) return value;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  if (key === undefined || typeof copy[key] !== 'object') copy['unexpected'] = more;
  else copy[key] = extended(copy[key], rest, more);
  return copy;
}
