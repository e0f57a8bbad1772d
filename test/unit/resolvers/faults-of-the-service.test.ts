import { graphql } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createOperationContext } from '../../../src/context/operation-context.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { createLookAhead } from '../../../src/execution/look-ahead.ts';
import { createExecutableSchema } from '../../../src/execution/schema.ts';
import { toScope } from '../../../src/resolvers/arguments.ts';
import type { JobApi } from '../../../src/upstream/job-api.ts';
import { buildJob, hostRow, stepData } from '../../support/build-job.ts';
import { createTestLiveJobs } from '../../support/live/test-live-jobs.ts';

const caller: Caller = {
  proof: { kind: 'bk_token', value: 'alice' },
  tenantId: null,
  language: null,
  fingerprint: 'fingerprint of alice',
  account: 'fingerprint of alice',
};

const schema = createExecutableSchema({ node: true, subscription: true });

/** Runs an operation on an upstream in memory, with what was reported as faults of the service. */
async function run(source: string, fetchJobInstanceStatus: JobApi['fetchJobInstanceStatus']) {
  const reported: unknown[] = [];
  const contextValue = createOperationContext(
    {
      jobApi: { fetchJobInstanceStatus },
      liveJobs: createTestLiveJobs({ fetchJobInstanceStatus }).liveJobs,
      maxParallelReads: 8,
      lookAhead: createLookAhead(schema),
      jobWebUrl: 'http://job.example.com',
      report: (error) => reported.push(error),
    },
    { identification: caller, signal: new AbortController().signal },
  );
  const { data, errors = [] } = await graphql({ schema, source, contextValue });
  return { data: data ?? null, errors, reported };
}

describe('a fault of the service itself', () => {
  const fault = new TypeError('broken at 10.0.0.5');

  it('is reported and masked where it is handed out as data', async () => {
    const { data, reported } = await run(
      '{ jobInstancesById(scope: {bkBizId: 1}, jobInstanceIds: [100]) { jobInstanceId error { code message } } }',
      () => Promise.reject(fault),
    );
    expect(data).toEqual({
      jobInstancesById: [
        {
          jobInstanceId: '100',
          error: { code: 'INTERNAL_SERVER_ERROR', message: 'A fault of this service.' },
        },
      ],
    });
    expect(reported).toMatchObject([{ code: 'INTERNAL_SERVER_ERROR', cause: fault }]);
  });

  it('fails a node', async () => {
    const { data, errors } = await run('{ node(id: "biz:1:100") { id } }', () => Promise.reject(fault));
    expect(data).toEqual({ node: null });
    expect(errors).toMatchObject([
      { path: ['node'], originalError: { code: 'INTERNAL_SERVER_ERROR', cause: fault } },
    ]);
  });
});

describe('what bk-job does not tell', () => {
  it('is null: the host without an id, its address, its times', async () => {
    const row = hostRow({ bkHostId: null, ip: null, startTime: null, endTime: null, totalTime: null });
    const { data, errors } = await run(
      '{ jobInstance(scope: {bkBizId: 1}, jobInstanceId: 100) { webUrl createTime ipResults { id ip host { bkHostId } startTime endTime totalTime } } }',
      () => Promise.resolve(buildJob({ createTime: null, steps: [stepData({ ipResults: [row] })] })),
    );
    expect(errors).toEqual([]);
    expect(data).toEqual({
      jobInstance: {
        webUrl: 'http://job.example.com/api_execute/100',
        createTime: null,
        ipResults: [
          { id: 'biz:1:100:75:0/', ip: null, host: null, startTime: null, endTime: null, totalTime: null },
        ],
      },
    });
  });
});

it('a scope that names nothing is refused', () => {
  expect(() => toScope({} as never)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
});
