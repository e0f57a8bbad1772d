import type { OperationContext } from '../context/operation-context.ts';
import {
  connectIpResults,
  type IpResultConnection,
  type IpResultPage,
} from '../domain/ip-result-connection.ts';
import {
  listedValueCount,
  selectIpResults,
  type IpResultConditions,
  type IpResultSelection,
} from '../domain/ip-result-filter.ts';
import { groupIpResults, type IpResultGroup, type IpResultGrouping } from '../domain/ip-result-groups.ts';
import type { IpResultSummary } from '../domain/ip-result-summary.ts';
import type { IpResults } from '../domain/ip-results.ts';
import type { StepIpResult } from '../domain/job-instance.ts';
import type { SelectedField } from '../context/selection-width.ts';
import { asList } from './host-lists.ts';
import { inTurn } from './in-turn.ts';

/** What is asked of the hosts of something. */
export interface HostsOf<Parent> {
  /** Throws the reason where they could not be read. */
  readonly hostsOf: (parent: Parent) => IpResults;
  readonly summarize: (parent: Parent) => IpResultSummary;
}

type Resolve<Parent, Arguments, Result> = (
  parent: Parent,
  given: Arguments,
  context: OperationContext,
  info: SelectedField,
) => Result | Promise<Result>;

/** Resolvers of the fields that jobs and steps have for their hosts. */
export interface FieldsOfHosts<Parent> {
  readonly ipResults: Resolve<Parent, IpResultSelection, readonly StepIpResult[]>;
  readonly ipResultConnection: Resolve<Parent, IpResultPage, IpResultConnection>;
  readonly ipResultSummary: Resolve<Parent, object, IpResultSummary>;
  readonly ipResultGroups: Resolve<Parent, IpResultGrouping, readonly IpResultGroup[]>;
}

/** Makes them. Each counts the hosts that it goes through, and takes its turn. */
export function fieldsOfHosts<Parent>({ hostsOf, summarize }: HostsOf<Parent>): FieldsOfHosts<Parent> {
  function find<Found>(
    { parent, conditions = {} }: { readonly parent: Parent; readonly conditions?: IpResultConditions },
    context: OperationContext,
    among: (hosts: IpResults) => Found,
  ): Found | Promise<Found> {
    const hosts = context.rowBudget.examine(hostsOf(parent));
    return inTurn(hosts.length + listedValueCount(conditions), context, () => among(hosts));
  }

  return {
    ipResults: (parent, conditions, context, info) =>
      find({ parent, conditions }, context, (hosts) =>
        asList(context.rowBudget.handOut(selectIpResults(hosts, conditions), info), context),
      ),
    ipResultConnection: (parent, page, context, info) =>
      find({ parent, conditions: page }, context, (hosts) => {
        const connection = connectIpResults(hosts, page);
        context.rowBudget.handOut(connection.edges, info);
        return connection;
      }),
    ipResultSummary: (parent, _arguments, context) => find({ parent }, context, () => summarize(parent)),
    ipResultGroups: (parent, conditions, context, info) =>
      find({ parent, conditions }, context, (hosts) =>
        context.rowBudget.handOut(groupIpResults(hosts, conditions), info),
      ),
  };
}
