/** Under which name the shared projection is kept now. */
export interface ProjectionGeneration {
  /** Part of every key: a new one abandons all keys of the old. */
  readonly generation: number;
  /** The server (process) the projection is kept on; what another one says is not believed. */
  readonly incarnation: string | null;
}

/** What an adapter that keeps the projection outside of this process must know of the ledger. */
export abstract class ProjectionName {
  /** Undefined while what the ledger said last is too old to rely on. */
  abstract current(): ProjectionGeneration | undefined;

  /**
   * Names the server that the projection is kept on from now. If it was another before, nothing that was stored
   * counts any more, here and on every instance, when this resolves.
   */
  abstract claim(incarnation: string): Promise<void>;
}
