import type { OperationSources } from './generate-operation.ts';

/** Waits with all their arguments. Some end at once, some in an error, some when the job changes or time is up. */
export const waitRoots: OperationSources['roots'] = [
  'waitForJobInstance(scope: {bkBizId: 2}, jobInstanceId: 1)',
  'waitForJobInstance(scope: {bkBizId: 2}, jobInstanceId: 1, until: $until, revision: $revision, timeout: $timeout)',
  'waitForJobInstance(scope: $business, jobInstanceId: "2", until: CHANGED, revision: $revision, timeout: 3000)',
  'waitForJobInstance(scope: {bkBizSetId: $biz}, jobInstanceId: 3, until: FINISHED_OR_BLOCKED, timeout: $timeout)',
  'waitForJobInstance(scope: {bkBizId: 2}, jobInstanceId: 2, until: $untilByDefault, revision: "x", timeout: 0)',
  'waitForJobInstance(scope: {bkBizId: 2}, jobInstanceId: 4, timeout: $timeout)',
  'waitForJobInstance(scope: {bkBizId: 2}, jobInstanceId: 5, until: $until, revision: "")',
  'waitForJobInstance(scope: {bkBizId: 2}, jobInstanceId: 6)',
  'waitForJobInstance(scope: {bkBizId: 2}, jobInstanceId: 7, until: CHANGED, revision: $revision, timeout: $timeout)',
  'waitForJobInstance(scope: {bkBizId: 2}, jobInstanceId: "x", timeout: 1)',
  'waitForJobInstance(scope: {bkBizId: 2}, jobInstanceId: 1, timeout: 50001)',
];

/** Variables that they use. */
export const waitVariables: OperationSources['variables'] = {
  until: { declaration: 'JobWaitCondition!', value: 'FINISHED' },
  untilByDefault: { declaration: 'JobWaitCondition! = CHANGED' },
  revision: { declaration: 'String', value: null },
  timeout: { declaration: 'SafeInt! = 20000' },
};
