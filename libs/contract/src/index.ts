/** One behaviour that every adapter of a port must show; runs in any test runner. */
export interface ContractCase {
  readonly name: string;
  run(): Promise<void>;
}
