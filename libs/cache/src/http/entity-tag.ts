import { createHash } from 'node:crypto';

/** What a strong entity tag of a body holds between its quotes (RFC 9110, 8.8.3). */
export function entityTagOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('base64url').slice(0, 27);
}

/**
 * True when `If-None-Match` names the body, in whatever coding the client has it. Comparison is weak, as RFC 9110,
 * 13.1.2 asks.
 */
export function matchesEntityTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((candidate) => NAMED.exec(candidate.trim())?.[1] === tag);
}

/** `.` is in no tag of ours, and begins the coding. */
const NAMED = /^(?:W\/)?"([\w-]+)(?:\.(?:br|gzip))?"$/;
