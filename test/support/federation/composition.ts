import { readFileSync, readdirSync } from 'node:fs';
import { composeServices as composeByApollo } from '@apollo/composition';
import { composeServices as composeByGuild } from '@theguild/federation-composition';
import { parse } from 'graphql';

/** One part of a supergraph. */
export interface SubgraphText {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

/** A way of composing: answers the supergraph, throws with every fault where the parts do not fit. */
export type Compose = (subgraphs: readonly SubgraphText[]) => string;

/** The composers that schema.md 9 speaks of and that run on Node, by package. */
export const composers: Readonly<
  Record<'@apollo/composition' | '@theguild/federation-composition', Compose>
> = {
  '@apollo/composition': (subgraphs) => supergraphOf(composeByApollo(toServices(subgraphs))),
  '@theguild/federation-composition': (subgraphs) => supergraphOf(composeByGuild(toServices(subgraphs))),
};

/** SDL of this subgraph as it stands in `schema/`. `node: false` leaves out the file that is optional. */
export function jobSubgraphSdl(options: { readonly node: boolean }): string {
  const directory = new URL('../../../schema/', import.meta.url);
  return readdirSync(directory)
    .filter((file) => file.endsWith('.graphql') && (options.node || file !== 'node.graphql'))
    .sort()
    .map((file) => readFileSync(new URL(file, directory), 'utf8'))
    .join('\n');
}

function toServices(subgraphs: readonly SubgraphText[]) {
  return subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
}

interface Composition {
  readonly errors?: readonly Error[] | undefined;
  readonly supergraphSdl?: string | undefined;
}

function supergraphOf({ errors = [], supergraphSdl }: Composition): string {
  if (errors.length > 0 || supergraphSdl === undefined) {
    throw new Error(`The subgraphs do not compose:\n${errors.map((error) => error.message).join('\n')}`);
  }
  return supergraphSdl;
}
