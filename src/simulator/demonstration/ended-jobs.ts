import type { SimulatedJob } from '../job-model.ts';
import {
  host,
  hours,
  job,
  minutes,
  range,
  ranFor,
  ranHost,
  seconds,
  step,
  succeededHosts,
} from './builders.ts';

/** Jobs that are over, each in its own way. `now` is when the world was made. */
export function endedJobs(now: number): readonly SimulatedJob[] {
  const began = now - hours(1);
  return [
    originalExample(),
    partialFailure(began),
    terminated(began),
    succeeded(began),
    ofBob(began),
    fileTransfer(began),
    forcedSkip(began),
    confirmRefused(began),
    abandoned(began),
    errorIgnored(began),
  ];
}

/** The example of the original API document. */
function originalExample(): SimulatedJob {
  const startTime = 1_605_064_271_000;
  const times = ranFor(startTime, 1000);
  return job('100', {
    scope: { type: 'biz', id: '1' },
    name: 'API Quick execution script1521089795887',
    statusCode: 4,
    createTime: startTime,
    ...times,
    steps: [
      step('75', {
        name: 'API Quick execution scriptxxx',
        statusCode: 4,
        ...times,
        hosts: [host(1, { ip: '10.0.0.1', statusCode: 9, exitCode: 0, ...times })],
      }),
    ],
  });
}

/** The first step went well, the second failed on three hosts of twelve, the third was never reached. */
function partialFailure(began: number): SimulatedJob {
  const rollout = began + seconds(20);
  return job('20000000004', {
    name: 'Deploy release 2.14',
    statusCode: 4,
    createTime: began - seconds(1),
    ...ranFor(began, seconds(80)),
    steps: [
      step('20000000401', {
        name: 'Fetch package',
        statusCode: 3,
        ...ranFor(began, seconds(20)),
        hosts: succeededHosts(range(1, 12), began + 100),
      }),
      step('20000000402', {
        name: 'Install and restart',
        statusCode: 4,
        ...ranFor(rollout, seconds(60)),
        hosts: [
          ...succeededHosts(range(1, 9), rollout + 100),
          ranHost(10, rollout + 100, { statusCode: 104, exitCode: 1, tag: 'disk full', totalTime: 3200 }),
          ranHost(11, rollout + 100, { statusCode: 102, exitCode: 124, errorCode: 126, totalTime: 60_000 }),
          host(12, { statusCode: 310, errorCode: 117, ...ranFor(rollout + 100, 0) }),
        ],
      }),
      step('20000000403', { name: 'Smoke test', statusCode: 1 }),
    ],
  });
}

function terminated(began: number): SimulatedJob {
  return job('20000000005', {
    name: 'Rebuild search index',
    statusCode: 11,
    createTime: began - seconds(1),
    ...ranFor(began, minutes(4)),
    steps: [
      step('20000000501', {
        name: 'Rebuild',
        statusCode: 11,
        ...ranFor(began, minutes(4)),
        hosts: [
          ...succeededHosts([1, 2], began + 100),
          ranHost(3, began + 100, {
            statusCode: 403,
            exitCode: 137,
            errorCode: 126,
            totalTime: minutes(4) - 100,
          }),
        ],
      }),
    ],
  });
}

function succeeded(began: number): SimulatedJob {
  return job('20000000011', {
    name: 'Nightly cleanup',
    statusCode: 3,
    createTime: began - seconds(1),
    ...ranFor(began, seconds(6)),
    steps: [
      step('20000001101', {
        name: 'Remove old logs',
        statusCode: 3,
        ...ranFor(began, seconds(3)),
        hosts: succeededHosts(range(1, 5), began + 50),
      }),
      step('20000001102', {
        name: 'Vacuum',
        typeCode: 4,
        statusCode: 3,
        ...ranFor(began + seconds(3), seconds(3)),
        hosts: succeededHosts([6], began + seconds(3)),
      }),
    ],
  });
}

/** Started by bob, who may see it although he may not see those of others. */
function ofBob(began: number): SimulatedJob {
  return job('20000000013', {
    name: "Bob's check",
    operator: 'bob',
    statusCode: 3,
    createTime: began - seconds(1),
    ...ranFor(began, seconds(2)),
    steps: [
      step('20000001301', {
        name: 'Check',
        statusCode: 3,
        ...ranFor(began, seconds(2)),
        hosts: succeededHosts([1, 2], began + 50),
      }),
    ],
  });
}

/** Only destinations are listed; file steps have no exit codes (upstream contract 2.2). */
function fileTransfer(began: number): SimulatedJob {
  return job('20000000014', {
    name: 'Distribute certificates',
    statusCode: 4,
    createTime: began - seconds(1),
    ...ranFor(began, seconds(9)),
    steps: [
      step('20000001401', {
        name: 'Copy',
        typeCode: 2,
        statusCode: 4,
        ...ranFor(began, seconds(9)),
        hosts: [
          ranHost(1, began + 100, { statusCode: 9, exitCode: null, totalTime: 2100 }),
          ranHost(2, began + 100, { statusCode: 9, exitCode: null, totalTime: 2300 }),
          ranHost(3, began + 100, { statusCode: 320, exitCode: null, errorCode: 123, totalTime: 8000 }),
        ],
      }),
    ],
  });
}

/** Hosts that had not ended when the step was skipped by force have an end and no duration (upstream contract 2.2). */
function forcedSkip(began: number): SimulatedJob {
  const skipped = seconds(21);
  return job('20000000015', {
    name: 'Collect diagnostics',
    statusCode: 3,
    createTime: began - seconds(1),
    ...ranFor(began, seconds(30)),
    steps: [
      step('20000001501', {
        name: 'Collect',
        statusCode: 5,
        ...ranFor(began, skipped),
        hosts: [
          ...succeededHosts([1], began + 100),
          host(2, { statusCode: 500, errorCode: 115, startTime: began + 100, endTime: began + skipped }),
        ],
      }),
      step('20000001502', {
        name: 'Upload',
        statusCode: 3,
        ...ranFor(began + skipped, seconds(9)),
        hosts: succeededHosts([1], began + skipped),
      }),
    ],
  });
}

function confirmRefused(began: number): SimulatedJob {
  return job('20000000016', {
    name: 'Change firewall rules',
    statusCode: 13,
    createTime: began - seconds(1),
    ...ranFor(began, minutes(2)),
    steps: [
      step('20000001601', {
        name: 'Approve',
        typeCode: 3,
        statusCode: 13,
        ...ranFor(began, minutes(2)),
      }),
      step('20000001602', { name: 'Apply', statusCode: 1 }),
    ],
  });
}

function abandoned(began: number): SimulatedJob {
  return job('20000000017', {
    name: 'Bulk report',
    statusCode: 14,
    createTime: began - seconds(1),
    ...ranFor(began, seconds(1)),
    steps: [step('20000001701', { name: 'Report', statusCode: 14, ...ranFor(began, seconds(1)) })],
  });
}

function errorIgnored(began: number): SimulatedJob {
  return job('20000000018', {
    name: 'Patch kernel',
    statusCode: 3,
    createTime: began - seconds(1),
    ...ranFor(began, seconds(40)),
    steps: [
      step('20000001801', {
        name: 'Warm up',
        statusCode: 6,
        ...ranFor(began, seconds(10)),
        hosts: [
          ...succeededHosts([1], began + 100),
          ranHost(2, began + 100, { statusCode: 104, exitCode: 2, totalTime: 900 }),
        ],
      }),
      step('20000001802', {
        name: 'Patch',
        statusCode: 3,
        ...ranFor(began + seconds(10), seconds(30)),
        hosts: succeededHosts([1, 2], began + seconds(10)),
      }),
    ],
  });
}
