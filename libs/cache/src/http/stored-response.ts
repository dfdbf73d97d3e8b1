import { entityTagOf } from './entity-tag.js';

const TAG_LENGTH = 29;

/** Packs a body behind its entity tag, so that a hit computes neither. */
export function packResponse(body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(entityTagOf(body), 'latin1'), body]);
}

export function unpackResponse(packed: Buffer): { readonly tag: string; readonly body: Buffer } {
  return { tag: packed.toString('latin1', 0, TAG_LENGTH), body: packed.subarray(TAG_LENGTH) };
}
