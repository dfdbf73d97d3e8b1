import { VARIABLES, type Environment, type Variable, type VariableName } from './variables.js';

type Source = Readonly<Record<string, string | undefined>>;

/** Reads every variable. An empty value counts as not set. Collects what is wrong in `problems`. */
export function readEnvironment(source: Source, problems: string[]): Environment {
  const read: Partial<Record<VariableName, unknown>> = {};
  for (const [name, definition] of Object.entries<Variable>(VARIABLES)) {
    const text = source[name]?.trim() || definition.fallback;
    if (text === undefined) continue;
    const result = definition.schema.safeParse(text);
    if (result.success) read[name as VariableName] = result.data;
    else problems.push(`${name} must be ${definition.accepts}.`);
  }
  return read as Environment;
}
