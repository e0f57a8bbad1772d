import { JobApiError } from '../domain/errors.ts';
import { maxHostsOfOperation, tooManyHosts } from '../domain/host-limit.ts';
import { selectionWidth, type SelectedField } from './selection-width.ts';

/**
 * Bounds what one operation may do with hosts it has read. A price made beforehand cannot know how long the lists are,
 * so what is gone through and what is handed out is counted as it happens. References of a gateway are counted, too.
 */
export interface RowBudget {
  /** Counts rows that a field goes through. Throws OPERATION_TOO_COMPLEX beyond the budget. */
  examine<Rows extends { readonly length: number }>(rows: Rows): Rows;
  /** Counts rows that a field hands out: each becomes an object of the answer, with a value for each field selected. */
  handOut<Rows extends { readonly length: number }>(rows: Rows, field: SelectedField): Rows;
  /** Counts references that a field holds. Throws BAD_USER_INPUT where all fields hold more than one operation may. */
  countReferences(references: { readonly length: number }): void;
  /** Throws the same where that many have been counted by now. */
  assertReferencesFit(): void;
  /** Another budget with as much left, for work that may have to be done a second time. */
  copy(): RowBudget;
  /** Counts what was spent of a copy, whose work need not be done again. */
  countSpentOf(copy: RowBudget): void;
  /** Rows handed out: one of many fields counts as several, and one that was gone through as a tenth. */
  readonly spent: number;
}

const examinedWeight = 2;

/** All hosts that may be read can be gone through once, and a list of as many as bk-job has for two steps is within it whole. */
const budget = maxHostsOfOperation * examinedWeight;

/** What an object costs that has hardly a field: as much as one of so many. */
const leastWidth = 20;

/** Each may be a read of its own. */
const maxReferences = 1000;

/** The budget of one operation, unspent. */
export function createRowBudget(amount = budget): RowBudget {
  return new CountedRows(amount);
}

class CountedRows implements RowBudget {
  #left: number;
  #references = 0;
  #spent = 0;

  constructor(amount: number) {
    this.#left = amount;
  }

  get spent(): number {
    return this.#spent / leastWidth;
  }

  examine<Rows extends { readonly length: number }>(rows: Rows): Rows {
    this.#spend(rows.length * examinedWeight);
    return rows;
  }

  handOut<Rows extends { readonly length: number }>(rows: Rows, field: SelectedField): Rows {
    this.#spend(rows.length * Math.max(leastWidth, selectionWidth(field)));
    return rows;
  }

  countReferences(references: { readonly length: number }): void {
    this.#references += references.length;
    this.assertReferencesFit();
  }

  assertReferencesFit(): void {
    if (this.#references <= maxReferences) return;
    const text = `At most ${String(maxReferences)} representations can be asked for together.`;
    throw new JobApiError('BAD_USER_INPUT', text);
  }

  copy(): RowBudget {
    const copy = new CountedRows(this.#left);
    copy.#references = this.#references;
    return copy;
  }

  countSpentOf({ spent }: RowBudget): void {
    this.#spend(spent * leastWidth);
  }

  #spend(amount: number): void {
    this.#left -= amount;
    this.#spent += amount;
    if (this.#left < 0) throw tooManyHosts();
  }
}
