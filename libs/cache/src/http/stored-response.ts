import { promisify } from 'node:util';
import { brotliCompress, constants, gunzipSync, gzip } from 'node:zlib';
import type { Codec } from '../codec.js';
import type { ContentCoding } from './content-coding.js';
import { entityTagOf } from './entity-tag.js';

const compressGzip = promisify(gzip);
const compressBrotli = promisify(brotliCompress);

/** Below this a body is sent as it is: the coding would not make it shorter by a packet. */
const COMPRESS_FROM_BYTES = 1024;
/** The quality where another step costs more time than it saves bytes, for a body that is sent many times. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } };

/** A body in the forms that clients ask for. */
export class StoredResponse {
  constructor(
    /** Of the body as it is; each coded form has its own (RFC 9110, 8.8.3.3). */
    readonly tag: string,
    readonly length: number,
    private readonly gzipped: Buffer | undefined,
    private readonly brotli: Buffer | undefined,
    private plain: Buffer | undefined,
  ) {}

  static async of(body: Buffer): Promise<StoredResponse> {
    const tag = entityTagOf(body);
    if (body.length < COMPRESS_FROM_BYTES) return new StoredResponse(tag, body.length, undefined, undefined, body);
    const [gzipped, brotli] = await Promise.all([compressGzip(body), compressBrotli(body, BROTLI)]);
    return new StoredResponse(tag, body.length, gzipped, brotli, undefined);
  }

  /** The coding that will be used where this one is wanted. */
  codingFor(wanted: ContentCoding): ContentCoding {
    return this.gzipped === undefined ? 'identity' : wanted;
  }

  body(coding: ContentCoding): Buffer {
    if (coding === 'br' && this.brotli !== undefined) return this.brotli;
    if (coding === 'gzip' && this.gzipped !== undefined) return this.gzipped;
    // Unpacked when the first client wants it, and then kept.
    return (this.plain ??= gunzipSync(this.gzipped as Buffer));
  }

  entityTag(coding: ContentCoding): string {
    return coding === 'identity' ? `"${this.tag}"` : `"${this.tag}.${coding}"`;
  }

  /** `<tag> <length> <gzip bytes>\n<gzip><brotli>`, or the body itself where there are none. */
  toBytes(): Buffer {
    const head = `${this.tag} ${this.length} ${this.gzipped?.length ?? 0}\n`;
    return this.gzipped === undefined
      ? Buffer.concat([Buffer.from(head), this.body('identity')])
      : Buffer.concat([Buffer.from(head), this.gzipped, this.brotli as Buffer]);
  }

  static fromBytes(bytes: Buffer): StoredResponse {
    const end = bytes.indexOf(0x0a);
    const [tag = '', length, gzipLength] = bytes.toString('latin1', 0, end).split(' ');
    const rest = bytes.subarray(end + 1);
    const split = Number(gzipLength);
    if (split === 0) return new StoredResponse(tag, Number(length), undefined, undefined, rest);
    return new StoredResponse(tag, Number(length), rest.subarray(0, split), rest.subarray(split), undefined);
  }
}

export const responseCodec: Codec<StoredResponse> = {
  encode: (response) => response.toBytes(),
  decode: (bytes) => StoredResponse.fromBytes(bytes),
  // The body as it is comes on top when somebody wants it.
  sizeOf: (bytes) => bytes.length + Number(bytes.toString('latin1', 0, bytes.indexOf(0x0a)).split(' ')[1] ?? 0),
  compressible: false,
};
