import type { HTTPGraphQLRequest } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import type { ToPlaceAsked } from '../execution/place-mapping.ts';

/** Remembers of requests whose document was rewritten where things stand in the client's own. */
export interface PlacesOfErrors {
  /** A request that will be handed to Apollo Server carries a rewritten document. */
  rewritten(request: HTTPGraphQLRequest, toPlaceAsked: ToPlaceAsked): void;
  /** The errors of a request, naming places of the document that the client sent. */
  moved(
    request: HTTPGraphQLRequest | undefined,
    errors: readonly GraphQLFormattedError[],
  ): readonly GraphQLFormattedError[];
}

/** By which a request leads to it. V8 may keep what a WeakMap was given until it goes through its whole heap. */
const mappingHere = Symbol('place mapping');

interface RewrittenRequest extends HTTPGraphQLRequest {
  [mappingHere]?: ToPlaceAsked;
}

/** Makes what puts errors where a client finds them. */
export function createPlacesOfErrors(): PlacesOfErrors {
  return {
    rewritten: (request: RewrittenRequest, toPlaceAsked) => {
      request[mappingHere] = toPlaceAsked;
    },
    moved: (request: RewrittenRequest | undefined, errors) => {
      const toPlaceAsked = request?.[mappingHere];
      return toPlaceAsked === undefined ? errors : errors.map((error) => moved(error, toPlaceAsked));
    },
  };
}

function moved(error: GraphQLFormattedError, toPlaceAsked: ToPlaceAsked): GraphQLFormattedError {
  return error.locations === undefined ? error : { ...error, locations: error.locations.map(toPlaceAsked) };
}
