import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationTable } from './configuration-table.js';
import { VARIABLES } from './variables.js';

const DOCUMENT = join(import.meta.dirname, '../../../docs/configuration.md');

describe('configurationTable', () => {
  it('has a row for every variable, each of four cells', () => {
    const rows = configurationTable().split('\n').slice(2);
    expect(rows.map((row) => /^\| `(\w+)` \|/.exec(row)?.[1])).toEqual(Object.keys(VARIABLES));
    for (const row of rows) expect(row.split('|')).toHaveLength(6);
  });

  it('is what docs/configuration.md holds (`npm run build && node scripts/write-configuration-table.mjs` rewrites it)', () => {
    const [, table] = /<!-- table:start -->\n\n(.*)\n\n<!-- table:end -->/s.exec(readFileSync(DOCUMENT, 'utf8')) ?? [];
    expect(table).toBe(configurationTable());
  });
});
