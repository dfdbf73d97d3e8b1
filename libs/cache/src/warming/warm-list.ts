import type { Role } from '@app/http';
import { Injectable } from '@nestjs/common';

/** A cached answer that people will ask for. */
export interface WarmAnswer {
  /** With its query, below the prefix of the API unless it begins with a slash. */
  readonly path: string;
  /** Who asks; a learner unless given. */
  readonly roles?: readonly Role[];
}

/** What a feature wants to be there before anybody asks. */
export interface WarmSource {
  /** Asked for again when one of these is invalidated. */
  readonly tags: readonly string[];
  readonly answers: () => Promise<readonly WarmAnswer[]>;
}

/** What features want to be warm: filled while modules initialise. */
@Injectable()
export class WarmList {
  readonly sources: WarmSource[] = [];

  add(source: WarmSource): void {
    this.sources.push(source);
  }
}
