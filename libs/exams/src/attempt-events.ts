import { Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';
import type { Attempt, SaveReceipt } from './attempt.js';

export type AttemptEvent =
  | { readonly kind: 'saved'; readonly userId: string; readonly attemptId: string; readonly receipt: SaveReceipt }
  | { readonly kind: 'finalised'; readonly userId: string; readonly attempt: Attempt };

/** Tells this process what it did to attempts, after the database has it. */
@Injectable()
export class AttemptEvents {
  private readonly subject = new Subject<AttemptEvent>();
  readonly events$ = this.subject.asObservable();

  emit(event: AttemptEvent): void {
    this.subject.next(event);
  }
}
