import { selectIpResults } from '../domain/ip-result-filter.ts';
import type { IpResultGroupResolvers } from '../generated/resolvers-types.ts';

export const ipResultGroup: IpResultGroupResolvers = {
  ipResults: (group, { limit }, { rowBudget }, info) =>
    rowBudget.handOut(
      selectIpResults(rowBudget.examine(group.ipResults), { orderBy: 'HOST_ASC', limit }),
      info,
    ),
};
