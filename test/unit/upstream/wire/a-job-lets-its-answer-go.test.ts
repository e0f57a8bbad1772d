import { setFlagsFromString } from 'node:v8';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { ReusedMemory } from '../../../../src/memory/reused-memory.ts';
import { readStatusByScan, type StatusReading } from '../../../../src/upstream/wire/read-status.ts';

const reading: StatusReading = {
  job: { scope: { kind: 'biz', id: '2' }, jobInstanceId: '100' },
  hostDetail: true,
  observedAt: 0,
  envelope: { permissionApplyUrl: null },
  rowMemory: new ReusedMemory(0),
  longWork: { isOver: () => false, next: () => Promise.resolve() },
};

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

async function readJob() {
  const rows = Array.from(
    { length: 400 },
    (_none, place) => `{"bk_host_id":${String(place + 1)},"bk_cloud_id":0,"ip":"192.0.2.1","status":9}`,
  );
  const body = new TextEncoder().encode(
    `{"code":0,"result":true,"data":{"finished":true,"job_instance":{"job_instance_id":100,"name":"job","status":3},"step_instance_list":[{"step_instance_id":75,"name":"step","status":3,"type":1,"execute_count":0,"step_ip_result_list":[${rows.join()}]}]}}`,
  );
  const job = await readStatusByScan({ status: 200, headers: {}, body }, reading);
  return { job, memory: new WeakRef(body.buffer) };
}

it('A job whose hosts were taken from bytes does not hold these bytes', async () => {
  const { job, memory } = await readJob();
  await nextTurn();
  collect();
  expect(memory.deref()).toBeUndefined();
  expect(job?.steps[0]?.ipResults.at(399)?.bkHostId).toBe('400');
});
