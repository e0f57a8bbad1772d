import type { GraphqlAnswer } from '../../support/start-test-service.ts';

/** A way to ask for a job, and where its failure stands in the answer. */
export interface Root {
  readonly name: string;
  readonly document: string;
  readonly variables: (jobInstanceId: string) => Readonly<Record<string, unknown>>;
  /** Code with which the job failed; null where it was answered. */
  readonly codeOf: (answer: GraphqlAnswer) => unknown;
}

const scope = 'scope: {bkBizId: "2"}';

/** The code of the error, of a field or of what is below it; null where there is none and the field is answered. */
function codeOfField(field: string) {
  return ({ data, errors }: GraphqlAnswer): unknown => {
    const value = data?.[field];
    if (errors !== undefined) return errors[0]?.extensions['code'] ?? 'no code';
    return value === null || value === undefined ? 'no answer and no error' : null;
  };
}

const job = (jobInstanceId: string) => ({ job: jobInstanceId });

/** Every root of the schema that reads a job. */
export const roots: readonly Root[] = [
  {
    name: 'jobInstance',
    document: `query ($job: ID!) { jobInstance(${scope}, jobInstanceId: $job) { name phase } }`,
    variables: job,
    codeOf: codeOfField('jobInstance'),
  },
  {
    name: 'jobInstance with hosts',
    document: `query ($job: ID!) { jobInstance(${scope}, jobInstanceId: $job) { name ipResults { ip } } }`,
    variables: job,
    codeOf: codeOfField('jobInstance'),
  },
  {
    name: 'stepInstance',
    document: `query ($job: ID!, $step: ID!) {
      stepInstance(${scope}, jobInstanceId: $job, stepInstanceId: $step) { name } }`,
    variables: (jobInstanceId) => ({ job: jobInstanceId, step: '75' }),
    codeOf: codeOfField('stepInstance'),
  },
  {
    name: 'jobInstancesById',
    document: `query ($job: ID!) {
      jobInstancesById(${scope}, jobInstanceIds: [$job]) { jobInstance { name } error { code message } } }`,
    variables: job,
    codeOf: ({ data, errors }) => {
      const lookups = data?.['jobInstancesById'] as
        | readonly {
            readonly jobInstance: unknown;
            readonly error: { readonly code: string } | null;
          }[]
        | null;
      const lookup = lookups?.[0];
      if (lookup === undefined || errors !== undefined) return 'no lookup';
      return lookup.error?.code ?? (lookup.jobInstance === null ? 'no job' : null);
    },
  },
  {
    name: 'node',
    document: 'query ($id: ID!) { node(id: $id) { ... on JobInstance { name } } }',
    variables: (jobInstanceId) => ({ id: `biz:2:${jobInstanceId}` }),
    codeOf: codeOfField('node'),
  },
  {
    name: '_entities',
    document: 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on JobInstance { name } } }',
    variables: (jobInstanceId) => ({ of: [{ __typename: 'JobInstance', bkBizId: '2', jobInstanceId }] }),
    codeOf: ({ data, errors }) => {
      const entities = data?.['_entities'] as readonly unknown[] | null;
      if (entities?.[0] !== null && entities?.[0] !== undefined)
        return errors === undefined ? null : 'an error';
      return errors?.[0]?.extensions['code'] ?? 'no code';
    },
  },
];
