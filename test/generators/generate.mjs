// Makes a client of an OpenAPI document with each generator: node generate.mjs DOCUMENT FOLDER
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@hey-api/openapi-ts';
import openapiTypeScript, { astToString } from 'openapi-typescript';
import orval from 'orval';

const [path = '', folder = ''] = process.argv.slice(2);
const document = JSON.parse(readFileSync(path, 'utf8'));

const types = await openapiTypeScript(document);
writeFileSync(join(folder, 'openapi-typescript.ts'), astToString(types));

await orval.generate({
  input: { target: path },
  output: { target: join(folder, 'orval.ts'), client: 'fetch', mode: 'single' },
});

await createClient({
  input: path,
  output: join(folder, 'hey-api'),
  plugins: ['@hey-api/typescript', '@hey-api/sdk', '@hey-api/client-fetch'],
  logs: { level: 'silent' },
});
