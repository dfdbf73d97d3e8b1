/** Thrown by a load whose value is for its caller alone: it is not stored, and other callers load their own. */
export class NotCacheable extends Error {
  constructor(
    private readonly caller: unknown,
    readonly value: unknown,
  ) {
    super('Not to be cached');
  }

  isOf(caller: unknown): boolean {
    return this.caller === caller;
  }
}
