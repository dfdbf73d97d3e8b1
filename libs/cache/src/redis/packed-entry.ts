import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import type { CacheEntry, EntryKind } from '../cache-entry.js';

/**
 * `<tag versions>|<kind>|<stored>|<fresh until>|<stale until>|<load ms>|<packing>|<tags>\n<bytes>`. The versions come
 * first, so that a script compares them without reading on, and puts others in their place.
 */
const KINDS: Readonly<Record<EntryKind, string>> = { value: 'v', absent: 'a', failed: 'f' };
const KIND_OF = new Map(Object.entries(KINDS).map(([kind, letter]) => [letter, kind as EntryKind]));
const PLAIN = 'p';
const ZSTD = 'z';
const NEWLINE = 0x0a;

/** Below this a value is sent faster than it is compressed. */
const COMPRESS_FROM_BYTES = 4096;

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** The head of an entry without its bytes. */
export interface EntryHead extends Omit<CacheEntry, 'bytes'> {
  readonly tags: readonly string[];
}

/** Everything after the tag versions. */
export async function packEntry(entry: CacheEntry, tags: readonly string[], compressible: boolean): Promise<Buffer> {
  const packed = compressible && entry.bytes.length >= COMPRESS_FROM_BYTES ? await compress(entry.bytes) : undefined;
  const compressed = packed !== undefined && packed.length < entry.bytes.length;
  const { kind, storedAt, freshUntil, staleUntil, loadMs } = entry;
  const facts = [KINDS[kind], storedAt, freshUntil, staleUntil, Math.round(loadMs), compressed ? ZSTD : PLAIN];
  const head = `|${facts.join('|')}|${tags.map(encodeURIComponent).join(' ')}\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), compressed ? packed : entry.bytes]);
}

/**
 * Undefined unless the entry has these versions and may still be used. A promise only of what has to be decompressed.
 */
export function unpackEntry(
  packed: Buffer,
  tagVersions: string,
  now: number,
): CacheEntry | undefined | Promise<CacheEntry> {
  const end = packed.indexOf(NEWLINE);
  const text = packed.toString('latin1', 0, end);
  if (!text.startsWith(tagVersions) || text[tagVersions.length] !== '|') return undefined;
  const [, kind, stored, fresh, stale, load, packing] = text.slice(tagVersions.length).split('|', 7);
  const staleUntil = Number(stale);
  if (staleUntil <= now) return undefined;
  const facts = {
    kind: kindOf(kind),
    storedAt: Number(stored),
    freshUntil: Number(fresh),
    staleUntil,
    loadMs: Number(load),
  };
  const kept = packed.subarray(end + 1);
  return packing === ZSTD ? decompress(kept).then((bytes) => ({ ...facts, bytes })) : { ...facts, bytes: kept };
}

/** @param text an entry up to the end of its head, or further */
export function readHead(text: string): EntryHead {
  const [, kind, stored, fresh, stale, load, , tags = ''] = text.split('\n', 1)[0]?.split('|') ?? [];
  return {
    kind: kindOf(kind),
    storedAt: Number(stored),
    freshUntil: Number(fresh),
    staleUntil: Number(stale),
    loadMs: Number(load),
    tags: tags === '' ? [] : tags.split(' ').map(decodeURIComponent),
  };
}

function kindOf(letter = ''): EntryKind {
  return KIND_OF.get(letter) ?? 'value';
}
