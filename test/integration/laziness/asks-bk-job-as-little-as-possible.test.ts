import fc from 'fast-check';
import { specifiedRules, parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createExecutableSchema } from '../../../src/execution/schema.ts';
import { generateOperation, type OperationSources } from '../../support/operations/generate-operation.ts';
import { neededReads } from '../../support/operations/upstream-read-oracle.ts';
import { startTestService, type TestService } from '../../support/start-test-service.ts';

const partialFailure = '20000000004';
const rolling = '20000000007';
const onContainers = '20000000021';
const missing = '20000000999';

/** Ways in of every kind: present, missing, forbidden and impossible jobs, equal ones in different words. */
const sources: OperationSources = {
  roots: [
    `jobInstance(scope: {bkBizId: 2}, jobInstanceId: ${partialFailure})`,
    `jobInstance(scope: $business, jobInstanceId: "${partialFailure}")`,
    `jobInstance(scope: {bkBizId: $biz}, jobInstanceId: ${rolling})`,
    `jobInstance(scope: {bkBizId: 2}, jobInstanceId: ${onContainers})`,
    `jobInstance(scope: {bkBizId: 2}, jobInstanceId: ${missing})`,
    'jobInstance(scope: {bkBizId: 2}, jobInstanceId: 0)',
    'jobInstance(scope: {bkBizSetId: 9}, jobInstanceId: 20000000030)',
    'jobInstance(scope: {bkTenantSetId: 7}, jobInstanceId: 20000000031)',
    'stepInstance(scope: {bkBizId: 1}, jobInstanceId: 100, stepInstanceId: 75)',
    'stepInstance(scope: {bkBizId: 1}, jobInstanceId: 100, stepInstanceId: 76)',
    'stepInstance(scope: {bkBizId: 1}, jobInstanceId: 100, stepInstanceId: "x")',
    `jobInstancesById(scope: {bkBizId: 2}, jobInstanceIds: [${partialFailure}, ${missing}, ${rolling}, ${rolling}])`,
    'jobInstancesById(scope: {bkBizId: 2}, jobInstanceIds: $jobs)',
    'jobInstancesById(scope: {bkBizId: 2}, jobInstanceIds: [])',
    'node(id: "biz:1:100")',
    `node(id: "biz:2:${partialFailure}")`,
    'node(id: "biz:1:100:75")',
    'node(id: "biz:1:100:75:101")',
    'node(id: "biz:1:100:75:9999")',
    'node(id: "nothing")',
    '_entities(representations: $references)',
    '_entities(representations: [{__typename: "StepIpResult", id: "biz:1:100:75:101"}, {__typename: "JobInstance", id: "biz:1:100"}])',
    `_entities(representations: [{__typename: "JobInstance", bkBizId: "2", jobInstanceId: "${partialFailure}"}])`,
  ],
  variables: {
    business: { declaration: 'ScopeInput!', value: { bkBizId: '2' } },
    biz: { declaration: 'ID!', value: 2 },
    jobs: { declaration: '[ID!]!', value: ['20000000011', 'x', partialFailure, '20000000013'] },
    references: {
      declaration: '[_Any!]!',
      value: [
        { __typename: 'StepInstance', bkBizId: '1', jobInstanceId: '100', stepInstanceId: '75' },
        { __typename: 'JobInstance', id: `biz:2:${rolling}` },
        { __typename: 'JobInstance', bkBizId: null, jobInstanceId: '100' },
        { __typename: 'StepInstance', id: 'biz:1:100' },
        { __typename: 'Host', bkHostId: '101' },
      ],
    },
  },
};

const schema = createExecutableSchema({ node: true, subscription: true });
/** Rules of validation that a generated operation cannot be held to: it may leave nothing selected, or merge freely. */
const runs = 1_000;

describe('over random operations', () => {
  let service: TestService;
  beforeAll(async () => {
    // Random operations know no measure; what they may cost is another promise.
    service = await startTestService({
      environment: {
        BKJOB_GQL__DEMAND_CONTROL__MAX: '1000000000',
        BKJOB_GQL__LIMITS__PARSER_MAX_TOKENS: '1000000',
      },
    });
  });
  afterAll(() => service[Symbol.asyncDispose]());

  it('each job is read once, with hosts exactly where a host field is executed', async () => {
    const seen = { reads: 0, withHosts: 0, plain: 0, operations: 0 };
    await fc.assert(
      fc.asyncProperty(fc.gen(), fc.constantFrom('alice', 'bob'), async (generate, token) => {
        const operation = generateOperation(schema, sources, (max) => generate(fc.nat, { max }));
        expect(validate(schema, parse(operation.document), specifiedRules)).toEqual([]);
        service.simulator.calls.clear();
        const { status } = await service.query(operation.document, { variables: operation.variables, token });
        expect(status).toBe(200);
        const calls = service.simulator.calls.all();
        const made = calls.map(
          (call) =>
            `${call.scope!.type}:${call.scope!.id}:${call.jobInstanceId!} ${String(call.returnIpResult)}`,
        );
        const needed = [...neededReads(schema, operation)];
        expect(made.sort()).toEqual(
          needed.flatMap(([job, hosts]) => expectedCalls(job, hosts, token)).sort(),
        );
        seen.operations += 1;
        seen.reads += made.length;
        seen.withHosts += calls.filter((call) => call.returnIpResult).length;
        seen.plain += calls.filter((call) => !call.returnIpResult).length;
      }),
      { numRuns: runs, endOnFailure: true },
    );
    expect(service.reported).toEqual([]);
    expect(seen.operations).toBe(runs);
    expect(seen.withHosts).toBeGreaterThan(runs / 10);
    expect(seen.plain).toBeGreaterThan(runs / 10);
    expect(seen.reads).toBeGreaterThan(runs);
  });
});

/** bk-job fails on hosts of a job on containers, so that one is read again without them (schema.md 6). */
function expectedCalls(job: string, hosts: boolean, token: string): readonly string[] {
  const failsWithHosts = job === `biz:2:${onContainers}` && token === 'alice';
  return hosts && failsWithHosts ? [`${job} true`, `${job} false`] : [`${job} ${String(hosts)}`];
}
