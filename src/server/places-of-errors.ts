import type { ApolloServerPlugin, HTTPGraphQLRequest } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import type { OperationContext } from '../context/operation-context.ts';
import type { ToPlaceAsked } from '../execution/place-mapping.ts';

/** Remembers of requests whose document was rewritten where things stand in the client's own. */
export interface PlacesOfErrors {
  /** A request that will be handed to Apollo Server carries a rewritten document. */
  rewritten(request: HTTPGraphQLRequest, toPlaceAsked: ToPlaceAsked): void;
  /** Has errors name places of the document that the client sent. */
  readonly plugin: ApolloServerPlugin<OperationContext>;
}

/** Makes what puts errors where a client finds them. */
export function createPlacesOfErrors(): PlacesOfErrors {
  const mappings = new WeakMap<HTTPGraphQLRequest, ToPlaceAsked>();
  return {
    rewritten: (request, toPlaceAsked) => {
      mappings.set(request, toPlaceAsked);
    },
    plugin: {
      requestDidStart: ({ request: { http } }) => {
        const toPlaceAsked = http === undefined ? undefined : mappings.get(http);
        if (toPlaceAsked === undefined) return Promise.resolve();
        return Promise.resolve({
          willSendResponse: ({ response: { body } }) => {
            if (body.kind === 'single' && body.singleResult.errors !== undefined) {
              body.singleResult.errors = body.singleResult.errors.map((error) => moved(error, toPlaceAsked));
            }
            return Promise.resolve();
          },
        });
      },
    },
  };
}

function moved(error: GraphQLFormattedError, toPlaceAsked: ToPlaceAsked): GraphQLFormattedError {
  return error.locations === undefined ? error : { ...error, locations: error.locations.map(toPlaceAsked) };
}
