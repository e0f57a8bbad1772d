import { toJobApiError } from '../domain/errors.ts';
import { selectIpResults } from '../domain/ip-result-filter.ts';
import type { IpResultGroupResolvers } from '../generated/resolvers-types.ts';
import { asList } from './host-lists.ts';
import { inTurn } from './in-turn.ts';

export const ipResultGroup: IpResultGroupResolvers = {
  ipResults: (group, { limit }, context, info) => {
    const { rowBudget } = context;
    try {
      const hosts = rowBudget.examine(group.ipResults);
      return inTurn(hosts.length, context, () => {
        const results = selectIpResults(hosts, { orderBy: 'HOST_ASC', limit });
        return asList(rowBudget.handOut(results, info), context);
      });
    } catch (thrown) {
      // A group must have its hosts, so that one that fails ends the list of all: where it does so at once, graphql-js 16
      // leaves behind what was promised for those before it, and nobody is there for a promise that fails.
      return Promise.reject(toJobApiError(thrown));
    }
  },
};
