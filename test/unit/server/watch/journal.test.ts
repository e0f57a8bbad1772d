import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../../../src/server/watch/page/journal.ts';
import type { Host, Job, Phase, Step } from '../../../../src/server/watch/page/model.ts';

const host = (phase: Phase): Host => ({
  ip: '192.0.2.1',
  bkCloudId: '0',
  bkHostId: '101',
  phase,
  status: phase,
  tag: null,
  exitCode: null,
  totalTime: null,
});

const step = (of: Partial<Step> = {}): Step => ({
  stepInstanceId: '75',
  name: 'restart',
  type: 'SCRIPT',
  phase: 'RUNNING',
  status: 'RUNNING',
  executeCount: 0,
  startTime: null,
  endTime: null,
  totalTime: null,
  ipResults: [],
  ...of,
});

const job = (of: Partial<Job> = {}): Job => ({
  jobInstanceId: '100',
  name: 'deploy',
  phase: 'RUNNING',
  status: 'RUNNING',
  finished: false,
  createTime: null,
  startTime: null,
  endTime: null,
  totalTime: null,
  webUrl: null,
  revision: 'a',
  observedAt: '2026-01-01T00:00:00.000Z',
  pollInterval: 1000,
  steps: [step()],
  ipResultGroups: [],
  ...of,
});

const failed = { phase: 'FAILED', status: 'FAILED', totalTime: 12_000 } as const;

describe('what changed', () => {
  it.each([
    ['how the job stands, at first', null, job(), ['“deploy” is running.']],
    ['how another job stands', job({ jobInstanceId: '1' }), job(failed), ['“deploy” is over: failed.']],
    ['nothing where nothing did', job(), job({ observedAt: '2026-01-01T00:00:01.000Z' }), []],
    [
      'a step that starts',
      job({ steps: [step({ phase: 'PENDING' })] }),
      job(),
      ['Step “restart” has started.'],
    ],
    [
      'hosts that fail while a step runs',
      job({ steps: [step({ ipResults: [host('FAILED'), host('RUNNING')] })] }),
      job({ steps: [step({ ipResults: [host('FAILED'), host('FAILED')] })] }),
      ['Step “restart”: 1 more host failed.'],
    ],
    [
      'the end of a step and of its job',
      job(),
      job({ ...failed, finished: true, steps: [step(failed)] }),
      ['Step “restart”: failed after 12 s.', 'The job is over: failed after 12 s.'],
    ],
    [
      'a retry, though fewer hosts have failed than before',
      job({ ...failed, finished: true, steps: [step({ ...failed, ipResults: [host('FAILED')] })] }),
      job({ steps: [step({ executeCount: 1, ipResults: [host('RUNNING')] })] }),
      ['The job was retried and runs again.', 'Step “restart” is retried, attempt 2.'],
    ],
    ['that a person has to act', job(), job({ phase: 'BLOCKED' }), ['The job waits for a person.']],
  ])('tells %s', (_what, before, after, sentences) => {
    expect(changesBetween(before, after)).toEqual(sentences);
  });
});
