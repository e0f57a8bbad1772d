import type { Identification, OperationContext } from '../context/operation-context.ts';
import type { Caller } from '../domain/caller.ts';
import { JobApiError } from '../domain/errors.ts';
import { toRefusal } from './format-error.ts';
import type { Price } from './operation-cost.ts';

/** What callers may spend over time. They are told apart by their fingerprints. */
export interface Spending {
  /** Why an operation that costs so much cannot run yet; null where it can, and is charged then. */
  charge(fingerprint: string, cost: number): JobApiError | null;
  /** Gives back what was charged for nothing. */
  refund(fingerprint: string, cost: number): void;
}

/** What an operation was charged before it ran. It is settled once. */
export class Charge {
  readonly #spending: Spending;
  readonly #fingerprint: string;
  readonly #price: Price;
  #isSettled = false;

  constructor(spending: Spending, { fingerprint }: Caller, price: Price) {
    this.#spending = spending;
    this.#fingerprint = fingerprint;
    this.#price = price;
  }

  /** Gives all back: it does not run. */
  cancel(): void {
    this.#settle(0);
  }

  /** Gives back what it was charged beyond what it has cost, as far as that can be told. */
  settle(actualCost: number): void {
    this.#settle(this.#price.introspects ? this.#price.cost : actualCost);
  }

  #settle(actualCost: number): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    const rest = this.#price.cost - actualCost;
    if (rest > 0) this.#spending.refund(this.#fingerprint, rest);
  }
}

/** What `@cost` makes of a job that is read: 10 for the read, and 1 for the object. */
const costOfRead = 11;

/** What an operation has cost by now, in the units of its price: jobs it read, and hosts it went through and handed out. */
export function actualCostOf({
  jobInstanceLoader,
  rowBudget,
}: {
  readonly jobInstanceLoader: Pick<OperationContext['jobInstanceLoader'], 'readCount'>;
  readonly rowBudget: Pick<OperationContext['rowBudget'], 'handedOut'>;
}): number {
  return jobInstanceLoader.readCount * costOfRead + Math.ceil(rowBudget.handedOut);
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
  const refused = spending.charge(identification.fingerprint, price.cost);
  if (refused !== null) throw toRefusal(refused);
  return new Charge(spending, identification, price);
}
