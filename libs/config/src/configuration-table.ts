import { VARIABLES, type Variable } from './variables.js';

/** The Markdown table of `docs/configuration.md`; a test keeps the file equal to it. */
export function configurationTable(): string {
  const rows = Object.entries<Variable>(VARIABLES).map(([name, { fallback, accepts, description, secret }]) => {
    const shown = fallback === undefined ? '' : fallback === '' ? 'empty' : `\`${fallback}\``;
    return `| \`${name}\` | ${accepts} | ${shown} | ${description}${secret ? ' Secret.' : ''} |`;
  });
  return ['| Variable | Accepts | Default | Meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
