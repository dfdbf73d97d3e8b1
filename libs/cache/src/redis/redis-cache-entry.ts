import type { CachedValue } from '../cache-store.js';

const SEPARATOR = 0x0a;

/** Packs `<storedAt> <tag versions>\n<bytes>`. */
export function encodeEntry({ bytes, storedAt }: CachedValue, tagVersions: readonly string[]): Buffer {
  return Buffer.concat([Buffer.from(`${storedAt} ${tagVersions.join()}\n`), bytes]);
}

/** Unpacks; undefined unless the versions are the ones expected. */
export function decodeEntry(packed: Buffer, tagVersions: readonly string[]): CachedValue | undefined {
  const end = packed.indexOf(SEPARATOR);
  const header = packed.toString('latin1', 0, end);
  const space = header.indexOf(' ');
  if (header.slice(space + 1) !== tagVersions.join()) return undefined;
  return { storedAt: Number(header.slice(0, space)), bytes: packed.subarray(end + 1) };
}
