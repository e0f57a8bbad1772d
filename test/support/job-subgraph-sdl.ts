import { readFileSync, readdirSync } from 'node:fs';

/** SDL of this subgraph as it stands in `schema/`. `node: false` leaves out the file that is optional. */
export function jobSubgraphSdl(options: { readonly node: boolean }): string {
  const directory = new URL('../../schema/', import.meta.url);
  return readdirSync(directory)
    .filter((file) => file.endsWith('.graphql') && (options.node || file !== 'node.graphql'))
    .sort()
    .map((file) => readFileSync(new URL(file, directory), 'utf8'))
    .join('\n');
}
