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
  readonly compressed: boolean;
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

/** Undefined unless the entry has these versions and may still be used. */
export async function unpackEntry(
  packed: Buffer,
  tagVersions: readonly string[],
  now: number,
): Promise<CacheEntry | undefined> {
  const end = packed.indexOf(NEWLINE);
  const text = packed.toString('latin1', 0, end);
  const versions = tagVersions.join(',');
  if (!text.startsWith(versions) || text[versions.length] !== '|') return undefined;
  const { kind, storedAt, freshUntil, staleUntil, loadMs, compressed } = readHead(text);
  if (staleUntil <= now) return undefined;
  const kept = packed.subarray(end + 1);
  const bytes = compressed ? await decompress(kept) : kept;
  return { kind, storedAt, freshUntil, staleUntil, loadMs, bytes };
}

/** @param text an entry up to the end of its head, or further */
export function readHead(text: string): EntryHead {
  const [, kind = '', stored, fresh, stale, load, packing, tags = ''] = text.split('\n', 1)[0]?.split('|') ?? [];
  return {
    kind: KIND_OF.get(kind) ?? 'value',
    storedAt: Number(stored),
    freshUntil: Number(fresh),
    staleUntil: Number(stale),
    loadMs: Number(load),
    compressed: packing === ZSTD,
    tags: tags === '' ? [] : tags.split(' ').map(decodeURIComponent),
  };
}
