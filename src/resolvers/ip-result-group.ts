import { selectIpResults } from '../domain/ip-result-filter.ts';
import type { IpResultGroupResolvers } from '../generated/resolvers-types.ts';
import { asList } from './host-lists.ts';

export const ipResultGroup: IpResultGroupResolvers = {
  ipResults: (group, { limit }, context, info) => {
    const { rowBudget } = context;
    const results = selectIpResults(rowBudget.examine(group.ipResults), { orderBy: 'HOST_ASC', limit });
    return asList(rowBudget.handOut(results, info), context);
  },
};
