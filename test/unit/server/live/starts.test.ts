import { EventEmitter } from 'node:events';
import { getOperationAST, parse } from 'graphql';
import { expect, it, vi } from 'vitest';
import { JobApiError, toJobApiError } from '../../../../src/domain/errors.ts';
import type { OperationClass } from '../../../../src/execution/operation-class.ts';
import type { PreparedOperation } from '../../../../src/execution/operation-pipeline.ts';
import { createStarts } from '../../../../src/server/live/starts.ts';
import { openAdmission } from '../../../support/open-admission.ts';

function prepared(operationClass: OperationClass): PreparedOperation {
  const document = parse('subscription { jobInstanceUpdated { phase } }');
  return {
    document,
    operation: getOperationAST(document)!,
    variables: {},
    givenVariables: {},
    charge: null,
    operationClass,
  };
}

const letIn = 'BAD_USER_INPUT';
const turnedAway = 'RATE_LIMITED';

it('subscriptions are turned away before plain queries while the event loop is late, with hosts still earlier', async () => {
  const { admission, load } = openAdmission();
  const rejected = vi.fn();
  const starts = createStarts({
    admission,
    subscriptions: {
      // Whoever comes so far was let in.
      open: () => {
        throw new JobApiError('BAD_USER_INPUT');
      },
      opened: 0,
      run: 0,
    },
    observer: { subscriptionRejected: rejected },
  });
  const caller = {
    proof: { kind: 'bk_token', value: 'alice' },
    tenantId: null,
    language: null,
    fingerprint: 'alice',
    account: 'alice',
  } as const;
  const begin = async (operationClass: OperationClass): Promise<string> => {
    const connection = new EventEmitter();
    const start = { prepared: prepared(operationClass), caller, transport: 'sse', connection } as const;
    return starts.open(start).then(
      () => 'opened',
      (thrown: unknown) => toJobApiError(thrown).code,
    );
  };
  load.lag = 150;
  expect([await begin('hosts'), await begin('plain')]).toEqual([letIn, letIn]);
  load.lag = 250;
  expect([await begin('hosts'), await begin('plain')]).toEqual([turnedAway, letIn]);
  load.lag = 350;
  expect([await begin('hosts'), await begin('plain')]).toEqual([turnedAway, turnedAway]);
  expect(admission.refusalOf('bob')).toBeNull();
  expect(rejected.mock.calls).toEqual([['overload'], ['overload'], ['overload']]);
});
