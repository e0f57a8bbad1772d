import { expect, it, vi } from 'vitest';
import { createRowBudget } from '../../../src/context/row-budget.ts';
import { JobApiError } from '../../../src/domain/errors.ts';
import { inTurn } from '../../../src/resolvers/in-turn.ts';
import { undisturbed } from '../../support/long-work.ts';

/** An operation whose turn comes when the test says so, and what it was asked for. */
function createOperation(signal = new AbortController().signal) {
  let call = (): void => undefined;
  const takeFor = vi.fn(() => new Promise<void>((resolve) => (call = resolve)));
  const rowBudget = createRowBudget();
  return {
    operation: { longWork: { ...undisturbed, takeFor }, rowBudget, signal },
    takeFor,
    turn: () => call(),
  };
}

it('what is found out about rows is there at once where nobody has to wait', () => {
  const { operation } = createOperation();
  expect(inTurn(2, { ...operation, longWork: undisturbed }, () => 'found')).toBe('found');
});

it('otherwise it is found out when it is its turn', async () => {
  const { operation, takeFor, turn } = createOperation();
  const find = vi.fn(() => 'found');
  const found = inTurn(2, operation, find);
  expect(takeFor).toHaveBeenCalledWith(2);
  expect(find).not.toHaveBeenCalled();
  turn();
  expect(await found).toBe('found');
  expect(find).toHaveBeenCalledOnce();
});

it('few rows are many where an operation has gone through many before', () => {
  const { operation, takeFor } = createOperation();
  operation.rowBudget.examine({ length: 20_000 });
  void inTurn(2, operation, () => 'found');
  expect(takeFor).toHaveBeenCalledWith(2002);
});

it('nothing is found out for somebody who has left meanwhile', async () => {
  const request = new AbortController();
  const { operation, turn } = createOperation(request.signal);
  const find = vi.fn();
  const found = inTurn(2, operation, find);
  const reason = new JobApiError('UPSTREAM_TIMEOUT');
  request.abort(reason);
  turn();
  await expect(found).rejects.toBe(reason);
  expect(find).not.toHaveBeenCalled();
});
