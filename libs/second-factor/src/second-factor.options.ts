export interface SecondFactorOptions {
  /** Root of the keys that seal secrets and hash recovery codes. */
  readonly secret: string;
  /** What authenticator apps call this installation. */
  readonly serviceName: string;
  /** Whether tries are limited. */
  readonly limited: boolean;
}

export const SECOND_FACTOR_OPTIONS = Symbol('SECOND_FACTOR_OPTIONS');
