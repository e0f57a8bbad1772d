import type { SimulatedJob } from '../job-model.ts';
import { hostRow, step, succeeded, took } from './build.ts';

/** The job of the original API document, number for number; its host has an id, as hosts have today. */
export function documentedJob(): SimulatedJob {
  const times = took(1_605_064_271_000, 1000);
  const createTime = times.startTime ?? null;
  return {
    scope: { type: 'biz', id: '1' },
    jobInstanceId: '100',
    name: 'API Quick execution script1521089795887',
    statusCode: 4,
    createTime,
    ...times,
    operator: 'alice',
    shows: 'The example of the original API document: a failed job whose host succeeded.',
    steps: [
      step({
        stepInstanceId: '75',
        name: 'API Quick execution scriptxxx',
        statusCode: 4,
        createTime,
        ...times,
        hosts: [hostRow({ bkHostId: '101', ip: '10.0.0.1', bkCloudId: '0' }, succeeded, times)],
      }),
    ],
  };
}

/** A job whose every id is above 2^53, where a number of JavaScript would be rounded. */
export function jobWithLargeIds(start: number): SimulatedJob {
  const times = took(start - 90_000, 5200);
  return {
    scope: { type: 'biz', id: '2' },
    jobInstanceId: '9007199254740993',
    name: 'nightly-cleanup',
    statusCode: 3,
    createTime: start - 90_400,
    ...times,
    operator: 'alice',
    shows: 'Ids above 2^53 of a job, its step and its hosts.',
    steps: [
      step({
        stepInstanceId: '9223372036854775807',
        name: 'run script',
        statusCode: 3,
        createTime: start - 90_400,
        ...took(start - 89_900, 5070),
        hosts: ['9007199254740995', '9007199254740997'].map((bkHostId, index) =>
          hostRow(
            { bkHostId, ip: `192.0.2.${String(index + 1)}`, bkCloudId: '0' },
            succeeded,
            took(start - 89_800, 1000 + index),
          ),
        ),
      }),
    ],
  };
}
