import { InvalidInputError } from '@app/errors';
import { Injectable, StandardSchemaValidationPipe } from '@nestjs/common';

const MAX_REPORTED = 50;

type Issues = readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[];

/** Validates `@Body`, `@Query` and `@Param` against the schema they name. */
@Injectable()
export class ValidationPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({
      exceptionFactory: (issues: Issues) =>
        new InvalidInputError(
          issues.slice(0, MAX_REPORTED).map(({ path = [], message }) => ({
            path: path
              .map((part) => (typeof part === 'object' && part !== null && 'key' in part ? part.key : part))
              .join('.'),
            message,
          })),
        ),
    });
  }
}
