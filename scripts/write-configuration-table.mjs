// Rewrites the table of docs/configuration.md from what is built: `npm run build` first.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationTable } from '../dist/libs/config/src/index.js';

const path = join(import.meta.dirname, '../docs/configuration.md');
const between = /(<!-- table:start -->\n).*(<!-- table:end -->)/s;
writeFileSync(
  path,
  readFileSync(path, 'utf8').replace(between, (_, start, end) => `${start}\n${configurationTable()}\n\n${end}`),
);
