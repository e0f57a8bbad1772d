import { composeServices as composeByApollo } from '@apollo/composition';
import { composeServices as composeByGuild } from '@theguild/federation-composition';
import { parse } from 'graphql';

/** One part of a supergraph. */
export interface Subgraph {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

/** A way of composing: answers the supergraph, throws with every fault where the parts do not fit. */
export type Compose = (subgraphs: readonly Subgraph[]) => string;

/** The composers that run on Node, by package. */
export const composers: Readonly<
  Record<'@apollo/composition' | '@theguild/federation-composition', Compose>
> = {
  '@apollo/composition': (subgraphs) => supergraphOf(composeByApollo(toServices(subgraphs))),
  '@theguild/federation-composition': (subgraphs) => supergraphOf(composeByGuild(toServices(subgraphs))),
};

/**
 * SDL of a subgraph that runs, asked for as gateways do. A service in production does not tell it; there
 * `bkjob-graphql --print-schema` does.
 */
export async function fetchSubgraphSdl(url: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  });
  const { data } = (await response.json()) as { data?: { _service: { sdl: string } } };
  if (data === undefined) throw new Error(`${url} does not tell its SDL.`);
  return data._service.sdl;
}

function toServices(subgraphs: readonly Subgraph[]) {
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
