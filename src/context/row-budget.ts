import { maxHostsOfOperation, tooManyHosts } from '../domain/host-limit.ts';
import { selectionWidth, type SelectedField } from './selection-width.ts';

/**
 * Bounds what one operation may do with hosts it has read. A price made beforehand cannot know how long the lists are,
 * so what is gone through and what is handed out is counted as it happens.
 */
export interface RowBudget {
  /** Counts rows that a field goes through. Throws OPERATION_TOO_COMPLEX beyond the budget. */
  examine<Rows extends { readonly length: number }>(rows: Rows): Rows;
  /** Counts rows that a field hands out: each becomes an object of the answer, with a value for each field selected. */
  handOut<Rows extends { readonly length: number }>(rows: Rows, field: SelectedField): Rows;
  /** Another budget with as much left, for work that may have to be done a second time. */
  copy(): RowBudget;
}

const examinedWeight = 2;

/** All hosts that may be read can be gone through once, and a list of as many as bk-job has for two steps is within it whole. */
const budget = maxHostsOfOperation * examinedWeight;

/** What an object costs that has hardly a field: as much as one of so many. */
const leastWidth = 20;

/** The budget of one operation, unspent. */
export function createRowBudget(amount = budget): RowBudget {
  return new CountedRows(amount);
}

class CountedRows implements RowBudget {
  #left: number;

  constructor(amount: number) {
    this.#left = amount;
  }

  examine<Rows extends { readonly length: number }>(rows: Rows): Rows {
    this.#spend(rows.length * examinedWeight);
    return rows;
  }

  handOut<Rows extends { readonly length: number }>(rows: Rows, field: SelectedField): Rows {
    this.#spend(rows.length * Math.max(leastWidth, selectionWidth(field)));
    return rows;
  }

  copy(): RowBudget {
    return new CountedRows(this.#left);
  }

  #spend(amount: number): void {
    this.#left -= amount;
    if (this.#left < 0) throw tooManyHosts();
  }
}
