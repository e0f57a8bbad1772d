import { toJobApiError } from '../domain/errors.ts';
import { parseGlobalId } from '../domain/identifiers.ts';
import type { NodeResolvers, QueryResolvers } from '../generated/resolvers-types.ts';
import { entityType, loadEntity } from './entity-lookup.ts';

export const node: NodeResolvers = { __resolveType: entityType };

/** Null where nothing has the id: also where it cannot be an id at all. */
export const nodeQuery: Required<Pick<QueryResolvers, 'node'>> = {
  node: async (_parent, { id }, context, info) => {
    const globalId = parseGlobalId(id);
    if (globalId === null) return null;
    try {
      return await loadEntity(globalId, context, info);
    } catch (thrown) {
      const error = toJobApiError(thrown);
      if (error.code === 'NOT_FOUND') return null;
      throw error;
    }
  },
};
