import { readdirSync, readFileSync } from 'node:fs';
import { Kind, parse } from 'graphql';

/** Which parts of the schema a deployment has. */
export interface SchemaParts {
  /** Whether `Query.node` is in it; it is left out where another subgraph owns it (schema.md 9). */
  readonly node: boolean;
  /** Whether jobs can be followed. What a deployment does not have is not in its schema (schema.md 1). */
  readonly subscription: boolean;
}

/** The files of the SDL, from the package's root: both `src/` and `dist/` stand beside `schema/`. */
const schemaDirectory = new URL('../../schema/', import.meta.url);

/** The SDL that clients and gateways get, file by file in the order of their names. */
export function schemaText({ node, subscription }: SchemaParts): string {
  const text = readdirSync(schemaDirectory)
    .filter((file) => file.endsWith('.graphql') && (node || file !== 'node.graphql'))
    .sort()
    .map((file) => readFileSync(new URL(file, schemaDirectory), 'utf8'))
    .join('\n');
  return subscription ? text : withoutSubscription(text);
}

/** All else stays as it stands in the files, comments included. */
function withoutSubscription(text: string): string {
  const type = parse(text).definitions.find(
    (one) => one.kind === Kind.OBJECT_TYPE_DEFINITION && one.name.value === 'Subscription',
  );
  return type?.loc === undefined
    ? text
    : text.slice(0, type.loc.start) + text.slice(type.loc.end).trimStart();
}
