import type { Identification, OperationContext } from '../context/operation-context.ts';
import { JobApiError } from '../domain/errors.ts';
import { toRefusal } from './format-error.ts';
import type { Price } from './operation-cost.ts';

/** What callers may spend over time. They are told apart by their accounts. */
export interface Spending {
  /** Charges an operation that costs so much; why it cannot run yet where its caller cannot pay for it. */
  charge(account: string, cost: number): Refund | JobApiError;
}

/** Gives back what was charged for nothing. Is called once. */
export type Refund = (cost: number) => void;

/** What an operation was charged before it ran. It is settled once. */
export class Charge {
  readonly #price: Price;
  #refund: Refund | null;

  constructor(price: Price, refund: Refund) {
    this.#price = price;
    this.#refund = refund;
  }

  /** Gives all back: it does not run. */
  cancel(): void {
    this.#settle(0);
  }

  /** Gives back what it was charged beyond what it has cost, as far as that can be told. */
  settle(actualCost: number): void {
    this.#settle(this.#price.isFixed ? this.#price.cost : actualCost);
  }

  #settle(actualCost: number): void {
    const rest = this.#price.cost - actualCost;
    if (rest > 0) this.#refund?.(rest);
    this.#refund = null;
  }
}

/** What `@cost` makes of a job that is read: 10 for the read, and 1 for the object. */
export const costOfRead = 11;

/** What an operation has cost by now, in the units of its price: jobs it read, hosts and steps it went through and handed out. */
export function actualCostOf({
  jobInstanceLoader,
  rowBudget,
}: {
  readonly jobInstanceLoader: Pick<OperationContext['jobInstanceLoader'], 'readCount'>;
  readonly rowBudget: Pick<OperationContext['rowBudget'], 'spent'>;
}): number {
  return jobInstanceLoader.readCount() * costOfRead + Math.ceil(rowBudget.spent);
}

/**
 * Charges an operation; null where nobody counts. Those who do not sign in can ask for nothing that has a price worth
 * counting. Throws a `GraphQLError` that carries the HTTP status where the caller cannot pay for it now.
 */
export function chargeFor(
  spending: Spending | undefined,
  identification: Identification,
  price: Price,
): Charge | null {
  if (spending === undefined || identification === null || identification instanceof JobApiError) return null;
  const charged = spending.charge(identification.account, price.cost);
  if (charged instanceof JobApiError) throw toRefusal(charged);
  return new Charge(price, charged);
}
