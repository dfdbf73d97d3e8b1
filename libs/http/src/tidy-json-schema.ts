export type JsonSchema = Readonly<Record<string, unknown>>;

interface TidyOptions {
  /** Lets objects have further members. */
  readonly open?: boolean;
}

/** Members that hold values, not schemas. */
const VALUES = new Set(['example', 'default', 'enum']);

/** Takes out of zod's JSON Schema what says nothing to a reader, or more than is promised. */
export function tidyJsonSchema(schema: object, options: TidyOptions = {}): JsonSchema {
  const members = Object.entries(schema)
    .filter(([key, value]) => !isNoise(key, value, schema, options))
    .map(([key, value]) => [key, VALUES.has(key) ? value : tidyValue(value, options)] as const);
  const tidied: Record<string, unknown> = Object.fromEntries(members);
  if (isWholeNumbers(tidied)) tidied['type'] = 'integer';
  return onlyAlternative(tidied) ?? tidied;
}

function tidyValue(value: unknown, options: TidyOptions): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => tidyValue(item, options));
  return typeof value === 'object' && value !== null ? tidyJsonSchema(value, options) : value;
}

function isNoise(key: string, value: unknown, schema: object, { open = false }: TidyOptions): boolean {
  switch (key) {
    case '$schema':
    case 'id':
      return typeof value === 'string';
    case 'minimum':
      return value === Number.MIN_SAFE_INTEGER;
    case 'maximum':
      return value === Number.MAX_SAFE_INTEGER;
    case 'pattern':
      // The format says it in a word.
      return typeof value === 'string' && 'format' in schema && typeof schema.format === 'string';
    case 'additionalProperties':
      return open && value === false;
    default:
      return false;
  }
}

function isWholeNumbers({ type, enum: values }: Record<string, unknown>): boolean {
  return type === 'number' && Array.isArray(values) && values.every(Number.isInteger);
}

/** `allOf` with one schema and nothing beside it. */
function onlyAlternative({ allOf, ...others }: Record<string, unknown>): JsonSchema | undefined {
  return Array.isArray(allOf) && allOf.length === 1 && Object.keys(others).length === 0
    ? (allOf[0] as JsonSchema)
    : undefined;
}
