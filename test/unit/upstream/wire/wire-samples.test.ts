import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { isLosslessNumber, parse, stringify } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { createJobInstance } from '../../../../src/domain/create-job-instance.ts';
import type { JobInstance } from '../../../../src/domain/job-instance.ts';
import type { JobReference, Scope } from '../../../../src/domain/scope.ts';
import { openEnvelope } from '../../../../src/upstream/wire/envelope.ts';
import { decodeJobInstanceStatus } from '../../../../src/upstream/wire/job-instance-status.ts';
import { arbitraryStatus } from '../../../support/arbitrary-status.ts';

/** JSON with every number kept as the text that was sent. */
type Json = Readonly<Record<string, unknown>>;

function read(body: string, job: JobReference, hostDetail: boolean): JobInstance {
  const bytes = new TextEncoder().encode(body);
  const { data } = openEnvelope({ status: 200, headers: {}, body: bytes }, { permissionApplyUrl: null });
  return createJobInstance(decodeJobInstanceStatus(data, { job, hostDetail, observedAt: 0 }));
}

/** The text of a number or of a text; null where there is neither. */
function textOf(value: unknown): string | null {
  return isLosslessNumber(value) || typeof value === 'string' ? String(value) : null;
}

const numberOf = (value: unknown) => (isLosslessNumber(value) ? Number(value.value) : null);
const instantOf = (value: unknown) => (numberOf(value) === 0 ? null : numberOf(value));
const listOf = (value: unknown) => (value ?? []) as readonly Json[];

const timesOf = (json: Json) => ({
  startTime: instantOf(json['start_time']),
  endTime: instantOf(json['end_time']),
  totalTime: numberOf(json['total_time']),
});

const expectedRow = (row: Json) => ({
  ip: row['ip'] === '' ? null : textOf(row['ip']),
  bkCloudId: textOf(row['bk_cloud_id']),
  bkHostId: textOf(row['bk_host_id']),
  statusCode: numberOf(row['status']),
  tag: textOf(row['tag']),
  exitCode: numberOf(row['exit_code']),
  errorCode: numberOf(row['error_code']),
  ...timesOf(row),
});

function expectedStatus(data: Json, scope: Scope, hostDetail: boolean) {
  const job = data['job_instance'] as Json;
  return {
    scope,
    jobInstanceId: textOf(job['job_instance_id']),
    name: job['name'],
    statusCode: numberOf(job['status']),
    finished: data['finished'],
    observedAt: 0,
    createTime: instantOf(job['create_time']),
    ...timesOf(job),
    hostDetail: { kind: hostDetail ? 'read' : 'not-read' },
    steps: listOf(data['step_instance_list']).map((step, position) => ({
      position,
      stepInstanceId: textOf(step['step_instance_id']),
      name: step['name'],
      typeCode: numberOf(step['type']),
      statusCode: numberOf(step['status']),
      executeCount: numberOf(step['execute_count']),
      createTime: instantOf(step['create_time']),
      ...timesOf(step),
      ipResults: hostDetail ? listOf(step['step_ip_result_list']).map(expectedRow) : [],
    })),
  };
}

/** A job without the ways back up, which would make it endless, and without what is not from the wire. */
function withoutTies({ steps, ...job }: JobInstance) {
  return {
    ...job,
    steps: steps.map(({ jobInstance: _jobInstance, ipResults, ...step }) => ({
      ...step,
      ipResults: Array.from(ipResults, ({ step: _step, occurrence: _occurrence, ...row }) => row),
    })),
  };
}

const directory = new URL('../../../fixtures/wire-samples/', import.meta.url);
const statusSamples = readdirSync(directory).filter((file) => /^(?:apigw-v3|esb)-status-/.test(file));

describe('a sample of the wire', () => {
  it('is there for every kind of status', () => {
    expect(statusSamples.length).toBeGreaterThanOrEqual(23);
  });

  it.each(statusSamples)('is read as it was sent: %s', (file) => {
    const sample = parse(readFileSync(new URL(file, directory), 'utf8')) as {
      request: { query?: Json; body?: Json };
      response: { body: Json };
    };
    const asked = sample.request.query ?? sample.request.body ?? {};
    const scope = {
      kind: (textOf(asked['bk_scope_type']) ?? 'biz') as Scope['kind'],
      id: textOf(asked['bk_scope_id']) ?? textOf(asked['bk_biz_id']) ?? '',
    };
    const job = { scope, jobInstanceId: textOf(asked['job_instance_id']) ?? '' };
    const { body } = sample.response;
    for (const hostDetail of [true, false]) {
      expect(withoutTies(read(stringify(body) ?? '', job, hostDetail))).toEqual(
        expectedStatus(body['data'] as Json, scope, hostDetail),
      );
    }
  });
});

it('200 random statuses with every combination of null and absent members are read as they were sent', () => {
  const scope = { kind: 'tenant_set', id: '9223372036854775807' } as const;
  const jobInstanceId = '9007199254740993';
  fc.assert(
    fc.property(arbitraryStatus(jobInstanceId), fc.boolean(), (data, hostDetail) => {
      const job = read(`{"result":true,"data":${data}}`, { scope, jobInstanceId }, hostDetail);
      expect(withoutTies(job)).toEqual(expectedStatus(parse(data) as Json, scope, hostDetail));
    }),
    { numRuns: 200 },
  );
});
