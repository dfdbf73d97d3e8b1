import type { Role } from '@app/http';

/** An account. */
export interface User {
  readonly id: string;
  /** Normalised: trimmed, NFKC, lower case. */
  readonly email: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly status: 'active' | 'disabled';
  /** Raised by everything that ends all sessions at once. */
  readonly authEpoch: number;
  /** Null until somebody who reads mail at the address has said so. */
  readonly emailVerifiedAt: Date | null;
  readonly createdAt: Date;
}

/** An account together with what only a password check may see. */
export interface UserWithPassword extends User {
  readonly passwordHash: string;
}

export interface NewUser {
  readonly email: string;
  readonly displayName: string;
  readonly passwordHash: string;
  readonly roles: readonly Role[];
  readonly demo?: boolean;
  /** The address needs no letter to be believed. */
  readonly emailVerified?: boolean;
}

export function normalizeEmail(email: string): string {
  return email.trim().normalize('NFKC').toLowerCase();
}
