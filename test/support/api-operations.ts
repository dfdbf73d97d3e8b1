import type { OpenAPIObject } from '@nestjs/swagger';

/** Where the API document is committed. */
export const API_DOCUMENT_PATH = 'docs/openapi.json';

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;
type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

export interface ApiOperation {
  readonly method: (typeof METHODS)[number];
  /** With its parameters in braces. */
  readonly path: string;
  readonly operation: Operation;
}

/** All operations of an API document. */
export function apiOperations({ paths }: OpenAPIObject): ApiOperation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [{ method, path, operation }];
    }),
  );
}
