import { Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';

/** Sessions that have just ended; `sessionIds` absent: all the user had. */
export interface SessionsEnded {
  readonly userId: string;
  readonly sessionIds?: readonly string[];
}

/** Tells this process of every revocation, wherever it was made, after the ledger has it; of some more than once. */
@Injectable()
export class SessionRevocations {
  private readonly ended = new Subject<SessionsEnded>();
  readonly ended$ = this.ended.asObservable();

  announce(event: SessionsEnded): void {
    this.ended.next(event);
  }
}
