import { selectIpResults } from '../domain/ip-result-filter.ts';
import type { IpResultGroupResolvers } from '../generated/resolvers-types.ts';
import { asList } from './host-lists.ts';
import { inTurn } from './in-turn.ts';

export const ipResultGroup: IpResultGroupResolvers = {
  ipResults: (group, { limit }, context, info) => {
    const { rowBudget } = context;
    return inTurn(rowBudget.examine(group.ipResults), context, (hosts) => {
      const results = selectIpResults(hosts, { orderBy: 'HOST_ASC', limit });
      return asList(rowBudget.handOut(results, info), context);
    });
  },
};
