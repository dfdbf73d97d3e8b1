import { v7 } from 'uuid';
import { z } from 'zod';

/** A new time-ordered id (UUIDv7, RFC 9562). */
export function newId(): string {
  return v7();
}

/** Below every id that was made at a time or later, above those made before it. */
export function earliestIdAt(time: Date): string {
  const ms = time.getTime().toString(16).padStart(12, '0');
  return `${ms.slice(0, 8)}-${ms.slice(8)}-0000-0000-000000000000`;
}

/** An id in a path or a body. */
export const idSchema = z.uuid().meta({ example: '0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80' });

/** An id in a path, with what it is the id of. */
export const idOf = (what: string) => idSchema.describe(`Id of the ${what}.`);

/** A time as RFC 3339 with zone, in UTC. */
export const timeSchema = z.iso.datetime().meta({ example: '2026-11-22T09:30:00.000Z' });
