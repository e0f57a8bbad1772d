import type { StepIpResult } from './job-instance.ts';

/** A host in a page. */
export interface IpResultEdge {
  readonly cursor: string;
  readonly node: StepIpResult;
}

/** A page of hosts, by the Relay specification, forward only. */
export interface IpResultConnection {
  readonly edges: readonly IpResultEdge[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly totalCount: number;
}
