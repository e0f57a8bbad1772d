import { JobApiError } from './errors.ts';
import { filterIpResults, type IpResultConditions } from './ip-result-filter.ts';
import {
  sortIpResults,
  sortKeyComparator,
  sortKeyLength,
  sortKeyOf,
  type IpResultOrder,
  type SortKey,
} from './ip-result-order.ts';
import type { IpResults } from './ip-results.ts';
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

/** Which page of which hosts. */
export interface IpResultPage extends IpResultConditions {
  readonly orderBy: IpResultOrder;
  readonly first: number;
  readonly after?: string | null | undefined;
}

/** Largest page (schema.md 5). */
const maxFirst = 1000;

/** Longer texts are no cursors of this service. */
const maxCursorLength = 4096;

/** A page of the hosts that the conditions keep. Throws BAD_USER_INPUT on a page size or a cursor that cannot be. */
export function connectIpResults(rows: IpResults, page: IpResultPage): IpResultConnection {
  const { orderBy, first, after } = page;
  if (first < 1 || first > maxFirst) {
    throw new JobApiError('BAD_USER_INPUT', `first must be from 1 to ${String(maxFirst)}.`);
  }
  const hasCursor = after !== null && after !== undefined;
  const place = hasCursor ? decodeCursor(after, orderBy) : null;
  const kept = filterIpResults(sortIpResults(rows, orderBy), page);
  const start = place === null ? 0 : countUpTo(kept, place, orderBy);
  const edges = Array.from(kept.slice(start, start + first), (node) => ({
    cursor: encodeCursor(sortKeyOf(node, orderBy), orderBy),
    node,
  }));
  return {
    edges,
    pageInfo: {
      hasNextPage: start + first < kept.length,
      hasPreviousPage: hasCursor,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: kept.length,
  };
}

/** How many rows, in order, stand at or before a place. */
function countUpTo(sorted: IpResults, place: SortKey, order: IpResultOrder): number {
  const compare = sortKeyComparator(order);
  let [before, beyond] = [0, sorted.length];
  while (before < beyond) {
    const middle = (before + beyond) >> 1;
    const row = sorted.at(middle);
    if (row !== undefined && compare(sortKeyOf(row, order), place) > 0) beyond = middle;
    else before = middle + 1;
  }
  return before;
}

function encodeCursor(key: SortKey, order: IpResultOrder): string {
  return Buffer.from(JSON.stringify([order, ...key])).toString('base64url');
}

function decodeCursor(cursor: string, order: IpResultOrder): SortKey {
  const [cursorOrder, ...key] = parseCursor(cursor);
  if (cursorOrder !== order || key.length !== sortKeyLength(order) || !isSortKey(key)) {
    throw new JobApiError('BAD_USER_INPUT', 'after is not a cursor of this list in this order.');
  }
  return key;
}

function parseCursor(cursor: string): readonly unknown[] {
  if (cursor.length > maxCursorLength) return [];
  try {
    const content: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(content) ? content : [];
  } catch {
    return [];
  }
}

function isSortKey(key: readonly unknown[]): key is SortKey {
  return key.every((part) => part === null || typeof part === 'number' || typeof part === 'string');
}
