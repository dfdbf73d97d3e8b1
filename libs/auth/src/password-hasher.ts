import { availableParallelism } from 'node:os';
import { UnavailableError } from '@app/errors';
import { Injectable } from '@nestjs/common';
import { hash, verify, type Options } from '@node-rs/argon2';
import { bulkhead, isBulkheadRejectedError } from 'cockatiel';

/** argon2id with the parameters of RFC 9106's second choice as OWASP recommends them; memory in KiB. */
const PARAMETERS: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Hashing takes a core for some 20 ms: one core stays free for everybody else, and a bounded queue, of as many as are
 * done before a client loses patience, ends in 503.
 */
export const CONCURRENCY = Math.max(1, availableParallelism() - 1);
export const QUEUE = 400 * CONCURRENCY;

@Injectable()
export class PasswordHasher {
  private readonly pool = bulkhead(CONCURRENCY, QUEUE);
  private decoy: Promise<string> | undefined;

  hash(password: string): Promise<string> {
    return this.run(() => hash(normalized(password), PARAMETERS));
  }

  /** Takes the same time when there is no such account (`stored` undefined). */
  async matches(password: string, stored: string | undefined): Promise<boolean> {
    const target = stored ?? (await this.decoyHash());
    const matched = await this.run(() => verify(target, normalized(password)));
    return matched && stored !== undefined;
  }

  /** Made once; a refusal while the queue is full is not kept. */
  private decoyHash(): Promise<string> {
    return (this.decoy ??= this.hash('no account has this password').catch((error: unknown) => {
      this.decoy = undefined;
      throw error;
    }));
  }

  private async run<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await this.pool.execute(work);
    } catch (error) {
      throw isBulkheadRejectedError(error) ? new UnavailableError('password_hashing', error) : error;
    }
  }
}

/** One password typed on two keyboards is one password (NIST SP 800-63B, 5.1.1.2). */
function normalized(password: string): string {
  return password.normalize('NFKC');
}
