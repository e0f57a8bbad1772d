import { describe, expect, it } from 'vitest';
import { ReusedMemory } from '../../../../src/memory/reused-memory.ts';
import {
  mostInOnePiece,
  readStatus,
  readStatusByScan,
  type StatusReading,
} from '../../../../src/upstream/wire/read-status.ts';

const reading: StatusReading = {
  job: { scope: { kind: 'biz', id: '2' }, jobInstanceId: '100' },
  hostDetail: true,
  observedAt: 0,
  envelope: { permissionApplyUrl: null },
  rowMemory: new ReusedMemory(0),
  longWork: { isOver: () => false, next: () => Promise.resolve() },
};
const responseOf = (text: string) => ({
  status: 200,
  headers: { 'x-request-id': 'request-1' },
  body: new TextEncoder().encode(text),
});

const row =
  '{"bk_host_id":101,"ip":"192.0.2.1","bk_cloud_id":0,"status":9,"tag":"","exit_code":0,"error_code":0,' +
  '"start_time":1000,"end_time":2000,"total_time":1000}';
const oddRow = row.replace('"status":9', String.raw`"st\u0061tus":9`);
const manyRows = Array.from({ length: 1 + Math.floor(mostInOnePiece / row.length) }, () => row);

function answerWith(rows: readonly string[], name = 'step'): string {
  return (
    '{"code":0,"result":true,"data":{"finished":true,"job_instance":{"job_instance_id":100,"name":"job",' +
    `"status":3},"step_instance_list":[{"step_instance_id":75,"name":"${name}","status":3,"type":1,` +
    `"execute_count":0,"step_ip_result_list":[${rows.join(',')}]}]}}`
  );
}

async function outcomeOf(text: string): Promise<number | string> {
  try {
    const { steps } = await readStatus(responseOf(text), reading);
    return steps[0]?.ipResults.length ?? 0;
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE', requestId: 'request-1' });
    return 'refused';
  }
}

describe('an answer of more than 4 MiB', () => {
  it.each([
    ['hosts as bk-job sends them', answerWith(manyRows), manyRows.length],
    ['hosts of which one is not so', answerWith([...manyRows, oddRow]), 'refused'],
    ['a name', answerWith([row], 'a'.repeat(mostInOnePiece)), 'refused'],
    ['nothing but braces', answerWith(Array.from({ length: mostInOnePiece }, () => '{}')), 'refused'],
    ['a failure', `{"code":1244006,"result":false,"message":"${'a'.repeat(mostInOnePiece)}"}`, 'refused'],
  ])('of %s', async (_what, text, outcome) => {
    expect(await outcomeOf(text)).toBe(outcome);
  });
});

it('an answer of less is read where some of its hosts are not as bk-job sends them', async () => {
  expect(await outcomeOf(answerWith([...manyRows.slice(0, -1000), oddRow]))).toBe(manyRows.length - 999);
});

it('hosts that say less than those of bk-job are taken from bytes where they are no more than a step has', async () => {
  const short = Array.from({ length: 60_000 }, () => '{"status":9}');
  const ofStep = await readStatusByScan(responseOf(answerWith(short.slice(0, 50_000))), reading);
  expect(ofStep?.steps[0]?.ipResults).toHaveLength(50_000);
  expect(await readStatusByScan(responseOf(answerWith(short)), reading)).toBeNull();
});
