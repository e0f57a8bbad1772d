import { describe, expect, it } from 'vitest';
import { createRowBudget } from '../../../src/context/row-budget.ts';
import { JobApiError } from '../../../src/domain/errors.ts';
import { actualCostOf, chargeFor, type Spending } from '../../../src/execution/charge.ts';
import type { Price } from '../../../src/execution/operation-cost.ts';
import { alice as caller } from '../../support/read-cache.ts';

const price: Price = { cost: 100, introspects: false };

/** An account that notes what is given back. */
function openAccount() {
  const refunds: [string, number][] = [];
  const spending: Spending = {
    charge: () => null,
    refund: (fingerprint, cost) => refunds.push([fingerprint, cost]),
  };
  return { spending, refunds };
}

describe('what an operation was charged', () => {
  it('is given back, beyond what it has cost', () => {
    const { spending, refunds } = openAccount();
    chargeFor(spending, caller, price)!.settle(30);
    expect(refunds).toEqual([[caller.fingerprint, 70]]);
  });

  it('is given back whole where it does not run, whatever it asks for', () => {
    const { spending, refunds } = openAccount();
    chargeFor(spending, caller, { ...price, introspects: true })!.cancel();
    expect(refunds).toEqual([[caller.fingerprint, 100]]);
  });

  it.each([
    ['it has cost as much', price, 100],
    ['it has cost more', price, 1000],
    ['it asks for the schema, which is known to cost so much', { ...price, introspects: true }, 0],
  ])('stays where %s', (_why, asked, cost) => {
    const { spending, refunds } = openAccount();
    chargeFor(spending, caller, asked)!.settle(cost);
    expect(refunds).toEqual([]);
  });

  it.each([
    ['nobody counts', undefined, caller],
    ['nobody signed in', openAccount().spending, null],
    ['credentials were refused', openAccount().spending, new JobApiError('UNAUTHENTICATED')],
  ])('is nothing where %s', (_why, spending, identification) => {
    expect(chargeFor(spending, identification, price)).toBeNull();
  });

  it('is given back once', () => {
    const { spending, refunds } = openAccount();
    const charge = chargeFor(spending, caller, price)!;
    charge.cancel();
    charge.settle(0);
    charge.cancel();
    expect(refunds).toHaveLength(1);
  });

  it('is not charged where its caller cannot pay, who is told so', () => {
    const { spending, refunds } = openAccount();
    const refused = new JobApiError('RATE_LIMITED', 'Later.', { retryAfter: 1000 });
    const charging = () => chargeFor({ ...spending, charge: () => refused }, caller, price);
    expect(charging).toThrow(expect.objectContaining({ originalError: refused }) as Error);
    expect(refunds).toEqual([]);
  });
});

it('an operation has cost the jobs it read, and the hosts it went through and handed out', () => {
  const rowBudget = createRowBudget();
  rowBudget.examine({ length: 50_000 });
  rowBudget.handOut({ length: 3 }, { fieldNodes: [], fragments: {} });
  expect(actualCostOf({ jobInstanceLoader: { readCount: 2 }, rowBudget })).toBe(22 + 5_000 + 3);
});
