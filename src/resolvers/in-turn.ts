import type { OperationContext } from '../context/operation-context.ts';
import { toJobApiError } from '../domain/errors.ts';

/**
 * What a field finds out by going through so many rows: at once where these are few, with all that its operation has gone
 * through by now, or where there is time, otherwise when it is its turn. Many fields with few rows each take long, too.
 */
export function inTurn<Found>(
  rowCount: number,
  { longWork, rowBudget, signal }: Pick<OperationContext, 'longWork' | 'rowBudget' | 'signal'>,
  find: () => Found,
): Found | Promise<Found> {
  const turn = longWork.takeFor(rowBudget.spent + rowCount);
  if (turn === null) return find();
  return turn.then(() => {
    if (signal.aborted) throw toJobApiError(signal.reason);
    return find();
  });
}
