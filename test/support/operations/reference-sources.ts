import type { OperationSources } from './generate-operation.ts';

/** Ways to ask for jobs 1 to 5, steps and hosts by ids and references, of nothing too, and of several where one fails. */
export const referenceRoots: OperationSources['roots'] = [
  'node(id: "biz:2:1")',
  'node(id: "biz:2:1:75")',
  'node(id: "biz:2:5")',
  'node(id: "none")',
  '_entities(representations: [{__typename: "JobInstance", id: "biz:2:1"}])',
  '_entities(representations: $references)',
  '_entities(representations: [{__typename: "JobInstance", id: "biz:2:3"}, {__typename: "JobInstance", id: "biz:2:5"}, {__typename: "Other"}])',
  '_entities(representations: [])',
];

/** What these declare. */
export const referenceVariables: OperationSources['variables'] = {
  references: {
    declaration: '[_Any!]!',
    value: [
      { __typename: 'JobInstance', bkBizId: 2, jobInstanceId: '2' },
      { __typename: 'StepInstance', id: 'biz:2:1:75' },
      { __typename: 'JobInstance', id: 'biz:2:1' },
    ],
  },
};
