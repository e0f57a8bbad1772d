import type { OperationContext } from '../context/operation-context.ts';
import { toJobApiError } from '../domain/errors.ts';
import type { IpResults } from '../domain/ip-results.ts';

/** Hosts, and how many values are to be gone through to find out about them: those of conditions, or else none. */
export interface HostsToGoThrough {
  readonly hosts: IpResults;
  readonly valueCount?: number;
}

/** What a field finds out about hosts: at once where they are few or there is time, otherwise when it is its turn. */
export function inTurn<Found>(
  { hosts, valueCount = 0 }: HostsToGoThrough,
  { longWork, signal }: Pick<OperationContext, 'longWork' | 'signal'>,
  find: (hosts: IpResults) => Found,
): Found | Promise<Found> {
  const turn = longWork.takeFor(hosts.length + valueCount);
  if (turn === null) return find(hosts);
  return turn.then(() => {
    if (signal.aborted) throw toJobApiError(signal.reason);
    return find(hosts);
  });
}
