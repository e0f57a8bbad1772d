import { getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createRowBudget } from '../../../src/context/row-budget.ts';
import { JobApiError } from '../../../src/domain/errors.ts';
import { actualCostOf, chargeFor, costOfRead, type Spending } from '../../../src/execution/charge.ts';
import { createOperationCost, type Price } from '../../../src/execution/operation-cost.ts';
import { createExecutableSchema } from '../../../src/execution/schema.ts';
import { alice as caller } from '../../support/read-cache.ts';

const price: Price = { cost: 100, isFixed: false };

/** An account that notes what is given back. */
function openAccount() {
  const refunds: number[] = [];
  const spending: Spending = { charge: () => (cost) => refunds.push(cost) };
  return { spending, refunds };
}

describe('what an operation was charged', () => {
  it('is given back, beyond what it has cost', () => {
    const { spending, refunds } = openAccount();
    chargeFor(spending, caller, price)!.settle(30);
    expect(refunds).toEqual([70]);
  });

  it('is given back whole where it does not run, whatever it asks for', () => {
    const { spending, refunds } = openAccount();
    chargeFor(spending, caller, { ...price, isFixed: true })!.cancel();
    expect(refunds).toEqual([100]);
  });

  it.each([
    ['it has cost as much', price, 100],
    ['it has cost more', price, 1000],
    ['it costs so much whatever it reads', { ...price, isFixed: true }, 0],
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
    const refused = new JobApiError('RATE_LIMITED', 'Later.', { retryAfter: 1000 });
    const charging = () => chargeFor({ charge: () => refused }, caller, price);
    expect(charging).toThrow(expect.objectContaining({ originalError: refused }) as Error);
  });
});

describe('what an operation has cost', () => {
  it('is the jobs it read, and the hosts it went through and handed out', () => {
    const rowBudget = createRowBudget();
    rowBudget.examine({ length: 50_000 });
    rowBudget.handOut({ length: 3 }, { fieldNodes: [], fragments: {} });
    expect(actualCostOf({ jobInstanceLoader: { readCount: () => 2 }, rowBudget })).toBe(22 + 5_000 + 3);
  });

  it('is the price of a job for each read', () => {
    const costOf = createOperationCost(createExecutableSchema({ node: true, subscription: true }));
    const document = parse('{ jobInstance(scope: {bkBizId: 1}, jobInstanceId: 1) { name } }');
    const operation = getOperationAST(document)!;
    expect(costOf({ operation, fragments: new Map(), variables: {} }).cost).toBe(costOfRead);
  });
});
