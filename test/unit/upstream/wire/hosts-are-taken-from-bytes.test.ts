import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { stringify, parse } from 'lossless-json';
import { describe, expect, it, vi } from 'vitest';
import type { JobInstance } from '../../../../src/domain/job-instance.ts';
import {
  readStatus,
  readStatusByScan,
  readWholeStatus,
  type StatusReading,
} from '../../../../src/upstream/wire/read-status.ts';
import { ReusedMemory } from '../../../../src/memory/reused-memory.ts';
import { arbitraryWireText } from '../../../support/arbitrary-wire-bytes.ts';

const job = { scope: { kind: 'biz', id: '2' }, jobInstanceId: '100' } as const;
const reading: StatusReading = {
  job,
  hostDetail: true,
  observedAt: 0,
  envelope: { permissionApplyUrl: null },
  rowMemory: new ReusedMemory(0),
  longWork: { isOver: () => false, next: () => Promise.resolve() },
};
const responseOf = (body: Uint8Array) => ({ status: 200, headers: {}, body });
const encode = (text: string) => new TextEncoder().encode(text);

/** All of a job as text, ways back up left out. */
function contentOf({ steps, ...rest }: JobInstance): string {
  return JSON.stringify({
    ...rest,
    steps: steps.map(({ jobInstance: _jobInstance, ipResults, ...step }) => ({
      ...step,
      ipResults: Array.from(ipResults, ({ step: { position }, ...row }) => ({ ...row, position })),
    })),
  });
}

/** Whether hosts were taken from the bytes, which is only allowed where the other reader says the same. */
async function isScannedAlike(body: Uint8Array, options = reading): Promise<boolean> {
  const scanned = await readStatusByScan(responseOf(body), options);
  if (scanned === null) return false;
  expect(contentOf(scanned)).toBe(contentOf(readWholeStatus(responseOf(body), options)));
  return true;
}

const row = `{"bk_host_id":9007199254740993,"ip":"192.0.2.1","bk_cloud_id":0,"status":9,"tag":"ok \\u4f5c 作业","exit_code":0,"error_code":0,"start_time":1000,"end_time":null,"total_time":5}`;
const body = `{"code":0,"result":true,"data":{"finished":true,"job_instance":{"job_instance_id":100,"name":"job","status":3},"step_instance_list":[{"step_instance_id":75,"name":"step","status":3,"type":1,"execute_count":0,"step_ip_result_list":[${row}, ${row}]}]}}`;

describe('hosts taken from bytes', () => {
  it('are those that the other reader finds, over thousands of random answers', async () => {
    let scanned = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryWireText('100', { oddMember: 400 }), async (text) => {
        if (await isScannedAlike(encode(text))) scanned += 1;
      }),
      { numRuns: 2_000 },
    );
    expect(scanned).toBeGreaterThan(400);
  });

  it('are none where a host has no status, be it the first or one that looks like those before', async () => {
    const whole = await readStatusByScan(responseOf(encode(body)), reading);
    expect(whole?.steps[0]?.ipResults.length).toBe(2);
    const without = row.replace('"status":9', '"status":null');
    for (const rows of [`${without}, ${row}`, `${row}, ${without}`]) {
      const odd = encode(body.replace(`${row}, ${row}`, rows));
      expect(await readStatusByScan(responseOf(odd), reading)).toBeNull();
      expect(() => readWholeStatus(responseOf(odd), reading)).toThrow();
    }
  });

  it('are none, or those that the other reader finds, where most answers are odd', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryWireText('100', { oddMember: 12 }), async (text) => {
        await isScannedAlike(encode(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('are none, or those that the other reader finds, whatever bytes are changed', async () => {
    const original = encode(body);
    const change = fc.record({
      at: fc.nat(original.length - 1),
      byte: fc.oneof(fc.nat(255), fc.constantFrom(...encode('"\\{}[],:0-9.eEtfn \n\u0001'))),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 2 }), async (changes) => {
        const changed = original.slice();
        for (const { at, byte } of changes) changed[at] = byte;
        await isScannedAlike(changed);
      }),
      { numRuns: 6_000 },
    );
  });

  it('are none where the answer was cut off, wherever', async () => {
    const whole = encode(body);
    expect(await isScannedAlike(whole)).toBe(true);
    for (let length = 0; length < whole.length; length += 1) {
      expect(await readStatusByScan(responseOf(whole.subarray(0, length)), reading)).toBeNull();
    }
  });

  it.each([
    ['a mark of byte order', `\uFEFF${body}`],
    ['anything behind the answer', `${body} {}`],
    ['two lists of hosts', body.replace('"type":1', '"type":1,"step_ip_result_list":[]')],
    ['two lists of steps', body.replace('"finished":true', '"finished":true,"step_instance_list":[]')],
    ['a name with an escape', body.replace('"status":9', String.raw`"statu\u0073":9`)],
    ['the same member twice', body.replace('"status":9', '"status":9,"status":11')],
    ['a failure', body.replace('"result":true', '"result":false')],
    ['another job', body.replace('"job_instance_id":100', '"job_instance_id":101')],
    [
      'values deeper than anybody sends them',
      body.replace('"type":1', `"type":1,"x":${'['.repeat(99)}${']'.repeat(99)}`),
    ],
  ])('are left to the other reader where there is %s', async (_name, text) => {
    expect(text).not.toBe(body);
    expect(await readStatusByScan(responseOf(encode(text)), reading)).toBeNull();
  });

  it('are those of a text that stands anywhere in a larger piece of memory', async () => {
    const bytes = encode(`xx${body}yy`);
    expect(await isScannedAlike(bytes.subarray(2, bytes.length - 2))).toBe(true);
  });

  /** Rows as they may follow each other, in an answer in which nothing else is odd. */
  const rowKinds = [
    row,
    '{"ip":"192.0.2.7","bk_host_id":7,"bk_cloud_id":0,"status":9,"tag":"","start_time":1605064271000}',
    '{"ip":"192.0.2.8","bk_host_id":8,"bk_cloud_id":0,"status":5,"tag":"a","start_time":null,"log":{"a":[1,"}"]}}',
    '{"ip":"","bk_host_id":"8","bk_cloud_id":-1,"status":-5,"tag":null,"exit_code":-1,"total_time":999999999}',
    '{"ip":"é","status":101,"exit_code":2147483647,"error_code":-2147483648,"total_time":1234567890123,"x":"y"}',
    '{"status":1,"ip":"fe80::1","end_time":253402300799999,"start_time":9605064271000,"total_time":1000000000}',
    '{ "ip":"192.0.2.7","status":9}',
    '{"ip":"192.0.2.7","status":9 }',
    '{"ip":"192.0.2.7","status":9,"tag":"a longer text, so that there is no room for it in the memory of the rows before"}',
  ];

  it('are those of each row, whatever the rows before it looked like', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...rowKinds), { minLength: 1, maxLength: 12 }),
        async (rows) => {
          const text = body.replace(`${row}, ${row}`, rows.join(','));
          expect(await isScannedAlike(encode(text))).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['a status that no int holds', '"status":2147483648'],
    ['a status with a fraction', '"status":9.5'],
    ['a status with an exponent', '"status":9e2'],
    ['a status with a zero before it', '"status":09'],
    ['a status of 13 digits', '"status":1605064271000'],
    ['a status that is nothing but a sign', '"status":-'],
  ])('are left to the other reader where one row in the midst of others has %s', async (_name, status) => {
    const rows = [row, row, row.replace('"status":9', status), row].join(',');
    expect(rows).not.toBe([row, row, row, row].join(','));
    expect(
      await readStatusByScan(responseOf(encode(body.replace(`${row}, ${row}`, rows))), reading),
    ).toBeNull();
  });

  it.each([253_402_300_800_000, -62_167_219_200_001])(
    'are none where one started at %d, whose year has not four digits',
    async (time) => {
      const odd = row.replace('"start_time":1000', `"start_time":${String(time)}`);
      expect(odd).not.toBe(row);
      for (const rows of [odd, `${row},${odd}`]) {
        const response = responseOf(encode(body.replace(`${row}, ${row}`, rows)));
        expect(await readStatusByScan(response, reading)).toBeNull();
        expect(() => readWholeStatus(response, reading)).toThrow();
      }
    },
  );

  it('hold nothing of the memory that the answer stood in', async () => {
    const bytes = encode(body);
    const scanned = await readStatusByScan(responseOf(bytes), reading);
    const before = contentOf(scanned!);
    bytes.fill(0x78);
    expect(contentOf(scanned!)).toBe(before);
  });

  it('count where many of them are left to the other reader, and nowhere else', async () => {
    const rows = Array.from({ length: 100 }, () => row).join(',');
    const many = body.replace(`${row}, ${row}`, rows);
    let count = 0;
    const scanGivenUp = (): void => void (count += 1);
    for (const text of [body, many]) await readStatus(responseOf(encode(text)), { ...reading, scanGivenUp });
    expect(count).toBe(0);
    const strange = many.replace('"type":1', `"type":1,"x":${'['.repeat(99)}${']'.repeat(99)}`);
    expect(strange).not.toBe(many);
    await readStatus(responseOf(encode(strange)), { ...reading, scanGivenUp });
    expect(count).toBe(1);
    await expect(
      readStatus(responseOf(encode(`{"x":"${rows.replaceAll('"', '')}"`)), { ...reading, scanGivenUp }),
    ).rejects.toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE' });
    expect(count).toBe(1);
  });

  it('let others have their turn again and again', async () => {
    const rows = Array.from({ length: 2100 }, () => row).join(',');
    let pieces = 0;
    const turnsAfter: number[] = [];
    const job = await readStatus(responseOf(encode(body.replace(`${row}, ${row}`, rows))), {
      ...reading,
      longWork: {
        isOver: () => {
          pieces += 1;
          return pieces % 2 === 0;
        },
        next: () => {
          turnsAfter.push(pieces);
          return Promise.resolve();
        },
      },
    });
    expect(job.steps[0]!.ipResults).toHaveLength(2100);
    expect(turnsAfter).toEqual([2, 4]);
  });

  it('let others have their turn where the steps are many and have none', async () => {
    const [step] = /\{"step_instance_id".*?"step_ip_result_list":/.exec(body)!;
    const steps = Array.from({ length: 1600 }, () => `${step}null}`).join(',');
    let pieces = 0;
    const isOver = (): boolean => (pieces += 1) < 0;
    const job = await readStatus(
      responseOf(encode(body.replace(/"step_instance_list":.*$/, `"step_instance_list":[${steps}]}}`))),
      { ...reading, longWork: { ...reading.longWork, isOver } },
    );
    expect(job.steps).toHaveLength(1600);
    expect(pieces).toBe(3);
  });

  it('are none of a failure, which is read once however long it is', async () => {
    const message = 'x'.repeat(5000);
    const failure = { result: false, code: 1244006, message };
    const parse = vi.spyOn(JSON, 'parse');
    try {
      await expect(readStatus(responseOf(encode(JSON.stringify(failure))), reading)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      expect(parse).toHaveBeenCalledTimes(1);
    } finally {
      parse.mockRestore();
    }
  });
});

const directory = new URL('../../../fixtures/wire-samples/', import.meta.url);

it.each(readdirSync(directory).filter((file) => /^(?:apigw-v3|esb)-status-/.test(file)))(
  'hosts are taken from the bytes of a sample of the wire: %s',
  async (file) => {
    const sample = parse(readFileSync(new URL(file, directory), 'utf8')) as {
      response: { body: { data: { job_instance: { job_instance_id: unknown } } } };
    };
    const jobInstanceId = String(sample.response.body.data.job_instance.job_instance_id);
    const options = { ...reading, job: { ...job, jobInstanceId } };
    expect(await isScannedAlike(encode(stringify(sample.response.body)!), options)).toBe(true);
  },
);
