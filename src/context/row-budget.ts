import { JobApiError } from '../domain/errors.ts';

/**
 * Bounds what one operation may do with hosts it has read. A price made beforehand cannot know how long the lists are,
 * so what is gone through and what is handed out is counted as it happens.
 */
export interface RowBudget {
  /** Counts rows that a field goes through. Throws OPERATION_TOO_COMPLEX beyond the budget. */
  examine<Rows extends { readonly length: number }>(rows: Rows): Rows;
  /** Counts rows that a field hands out: each becomes an object of the answer, which costs about ten times as much. */
  handOut<Rows extends { readonly length: number }>(rows: Rows): Rows;
}

/** Two fields over each of two steps with 50,000 hosts, bk-job's most, are within it, and so is one such list whole. */
const budget = 1_000_000;
const handedOutWeight = 10;

/** The budget of one operation, unspent. */
export function createRowBudget(): RowBudget {
  let left = budget;
  const spend = (amount: number): void => {
    left -= amount;
    if (left < 0)
      throw new JobApiError('OPERATION_TOO_COMPLEX', 'The request goes through more hosts than one may.');
  };
  return {
    examine: (rows) => {
      spend(rows.length);
      return rows;
    },
    handOut: (rows) => {
      spend(rows.length * handedOutWeight);
      return rows;
    },
  };
}
