/* Writes test/support/api-types.ts (or the file named), the types of a client, from docs/openapi.json. */
import { writeFileSync } from 'node:fs';
import openapiTypescript, { astToString } from 'openapi-typescript';

const SOURCE = new URL('../docs/openapi.json', import.meta.url);
const TARGET = process.argv[2] ?? new URL('../test/support/api-types.ts', import.meta.url);

const HEADER = '// Made from docs/openapi.json by `npm run openapi`. Do not edit.\n';

// A member with a default may be left out of a body.
const types = await openapiTypescript(SOURCE, { defaultNonNullable: false });
writeFileSync(TARGET, HEADER + astToString(types));
