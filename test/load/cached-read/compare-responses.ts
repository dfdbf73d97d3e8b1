import { isDeepStrictEqual } from 'node:util';
import type { RecordedResponse } from './recorded-response.ts';

/** Throws unless both answers have the same body bytes and the same header names. */
export function requireSameBytes(name: string, expected: RecordedResponse, actual: RecordedResponse): void {
  if (!expected.body.equals(actual.body)) throw new Error(`${name} sends a different body`);
  const [wanted, got] = [headerNames(expected), headerNames(actual)];
  if (wanted !== got) throw new Error(`${name} sends the headers ${got} instead of ${wanted}`);
}

/** Throws unless both bodies are the same JSON value. */
export function requireSameJson(name: string, expected: RecordedResponse, actual: RecordedResponse): void {
  if (!isDeepStrictEqual(parse(expected), parse(actual))) throw new Error(`${name} sends a different page`);
}

/**
 * Throws unless both pages weigh the same to two percent.
 * For two instances of Mockingbird on databases of their own, whose generated ids may differ.
 */
export function requireSameWeight(name: string, expected: RecordedResponse, actual: RecordedResponse): void {
  const ratio = actual.body.length / expected.body.length;
  if (ratio < 0.98 || ratio > 1.02) {
    throw new Error(`${name} sends ${actual.body.length} bytes instead of ${expected.body.length}`);
  }
}

function headerNames({ headers }: RecordedResponse): string {
  return headers
    .map(([name]) => name.toLowerCase())
    .toSorted()
    .join(', ');
}

function parse({ body }: RecordedResponse): unknown {
  return JSON.parse(body.toString());
}
