import { z } from 'zod';

const reference = (id: string) => `#/components/schemas/${id}`;

/** A `$ref` to a view that was named with `.meta({ id })`. */
export function referenceTo(view: z.ZodType): { readonly $ref: string } {
  const id = z.globalRegistry.get(view)?.id;
  if (id === undefined) throw new Error('A view in the API document needs a name: .meta({ id })');
  return { $ref: reference(id) };
}

/** All named schemas, as the API document's `components.schemas`. */
export function namedSchemas(): Record<string, object> {
  const { schemas } = z.toJSONSchema(z.globalRegistry, { target: 'openapi-3.0', io: 'output', uri: reference });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $id: _id, $schema: _dialect, id: _name, ...schema }]) => [id, schema]),
  );
}
