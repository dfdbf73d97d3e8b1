import { z } from 'zod';
import { tidyJsonSchema } from './tidy-json-schema.js';

const tidied = (schema: z.ZodType, options?: Parameters<typeof tidyJsonSchema>[1]) =>
  tidyJsonSchema(z.toJSONSchema(schema, { target: 'openapi-3.0' }), options);

describe('a JSON Schema for the API document', () => {
  it('says nothing of the limits of JavaScript numbers', () => {
    expect(tidied(z.int())).toEqual({ type: 'integer' });
    expect(tidied(z.int().min(1))).toEqual({ type: 'integer', minimum: 1 });
  });

  it('has no pattern beside a format, which says the same', () => {
    expect(tidied(z.uuid())).toEqual({ type: 'string', format: 'uuid' });
    expect(tidied(z.string().regex(/^a$/))).toEqual({ type: 'string', pattern: '^a$' });
  });

  it('calls choices of whole numbers integers', () => {
    expect(tidied(z.literal([1, 2]))).toEqual({ type: 'integer', enum: [1, 2] });
  });

  it('leaves an answer open for further members', () => {
    const closed = z.strictObject({ inner: z.strictObject({ a: z.string() }) });
    expect(JSON.stringify(tidied(closed, { open: true }))).not.toContain('additionalProperties');
    expect(tidied(closed)).toMatchObject({ additionalProperties: false });
  });

  it('leaves members alone whose names are words of JSON Schema', () => {
    const schema = { type: 'object', properties: { id: { type: 'string' }, pattern: { type: 'string' } } };
    expect(tidyJsonSchema(schema)).toEqual(schema);
  });

  it('leaves examples alone', () => {
    const schema = { type: 'object', example: { id: 'x', $schema: 'y' } };
    expect(tidyJsonSchema(schema)).toEqual(schema);
  });
});
