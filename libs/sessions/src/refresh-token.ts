import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { SESSIONS_OPTIONS, type SessionsOptions } from './sessions.options.js';

export interface RefreshTokenParts {
  readonly sessionId: string;
  readonly generation: number;
  readonly mac: Buffer;
}

const PREFIX = 'rt1.0.';
const SESSION_BYTES = 16;
const GENERATION_BYTES = 4;
const MAC_BYTES = 32;
const TOTAL_BYTES = SESSION_BYTES + GENERATION_BYTES + MAC_BYTES;

/**
 * Refresh tokens that are derived, not stored: `rt1.<key id>.<base64url(session || generation || mac)>`, where the
 * mac is HMAC-SHA256 over session, generation and the session's salt. A reader of the database can make none, and
 * the successor of any token can be derived again when a reply was lost.
 */
@Injectable()
export class RefreshTokens {
  private readonly key: Buffer;

  constructor(@Inject(SESSIONS_OPTIONS) { secret }: Pick<SessionsOptions, 'secret'>) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'mockingbird refresh token', MAC_BYTES));
  }

  derive(sessionId: string, generation: number, salt: Buffer): string {
    const head = headOf(sessionId, generation);
    return PREFIX + Buffer.concat([head, this.mac(head, salt)]).toString('base64url');
  }

  /** Undefined for anything that does not have the shape; says nothing about authenticity. */
  parse(token: string): RefreshTokenParts | undefined {
    if (!token.startsWith(PREFIX)) return undefined;
    const text = token.slice(PREFIX.length);
    const bytes = Buffer.from(text, 'base64url');
    // Node skips what is not base64url, and spare bits: a token has one spelling.
    if (bytes.length !== TOTAL_BYTES || bytes.toString('base64url') !== text) return undefined;
    return {
      sessionId: stringifyId(bytes.subarray(0, SESSION_BYTES)),
      generation: bytes.readUInt32BE(SESSION_BYTES),
      mac: bytes.subarray(SESSION_BYTES + GENERATION_BYTES),
    };
  }

  isAuthentic({ sessionId, generation, mac }: RefreshTokenParts, salt: Buffer): boolean {
    return timingSafeEqual(mac, this.mac(headOf(sessionId, generation), salt));
  }

  private mac(head: Buffer, salt: Buffer): Buffer {
    return createHmac('sha256', this.key).update(head).update(salt).digest();
  }
}

function headOf(sessionId: string, generation: number): Buffer {
  const head = Buffer.alloc(SESSION_BYTES + GENERATION_BYTES);
  head.set(parseId(sessionId), 0);
  head.writeUInt32BE(generation, SESSION_BYTES);
  return head;
}

/** Any 16 bytes have a text form; whether such a session exists is for the ledger to say. */
function stringifyId(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function parseId(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}
