import { InvalidInputError } from '@app/errors';
import { Injectable, StandardSchemaValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { assertStorable } from './storable-text.js';

const MAX_REPORTED = 50;

type Issues = readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[];

/** Validates `@Body`, `@Query` and `@Param` against the schema they name; text must be such that it can be stored. */
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

  override async transform<Value = unknown>(value: Value, metadata: ArgumentMetadata): Promise<Value> {
    const validated = await super.transform(value, metadata);
    if (metadata.schema !== undefined) assertStorable(validated);
    return validated;
  }
}
