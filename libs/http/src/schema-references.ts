import { z } from 'zod';
import { tidyJsonSchema, type JsonSchema } from './tidy-json-schema.js';

const PREFIX = '#/components/schemas/';
const reference = (id: string) => `${PREFIX}${id}`;

/** A `$ref` to a view that was named with `.meta({ id })`. */
export function referenceTo(view: z.ZodType): { readonly $ref: string } {
  const id = z.globalRegistry.get(view)?.id;
  if (id === undefined) throw new Error('A view in the API document needs a name: .meta({ id })');
  return { $ref: reference(id) };
}

/** All named views, as the API document's `components.schemas`. Answers may gain members, so none is closed. */
export function namedSchemas(): Record<string, JsonSchema> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { target: 'openapi-3.0', io: 'output', uri: reference });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $id: _id, ...schema }]) => [id, tidyJsonSchema(schema, { open: true })]),
  );
}

/** The JSON Schema of what a route takes in; named schemas become components. For `@nestjs/swagger`. */
export function inputSchema(schema: unknown): { schema: JsonSchema; components: Record<string, JsonSchema> } {
  const { definitions = {}, ...root } = z.toJSONSchema(schema as z.ZodType, { target: 'openapi-3.0', io: 'input' });
  const named = Object.entries(definitions as Record<string, object>);
  return {
    schema: tidyJsonSchema(root),
    components: Object.fromEntries(named.map(([id, definition]) => [id, tidyJsonSchema(definition)])),
  };
}
