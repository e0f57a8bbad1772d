import { readdirSync, readFileSync } from 'node:fs';

/** Which parts of the schema a deployment has. */
export interface SchemaParts {
  /** Whether `Query.node` is in it; it is left out where another subgraph owns it (schema.md 9). */
  readonly node: boolean;
}

/** The files of the SDL, from the package's root: both `src/` and `dist/` stand beside `schema/`. */
const schemaDirectory = new URL('../../schema/', import.meta.url);

/** The SDL that clients and gateways get, file by file in the order of their names. */
export function schemaText({ node }: SchemaParts): string {
  return readdirSync(schemaDirectory)
    .filter((file) => file.endsWith('.graphql') && (node || file !== 'node.graphql'))
    .sort()
    .map((file) => readFileSync(new URL(file, schemaDirectory), 'utf8'))
    .join('\n');
}
