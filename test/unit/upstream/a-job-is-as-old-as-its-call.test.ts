import { expect, it } from 'vitest';
import type { Caller } from '../../../src/domain/caller.ts';
import type { JobReference } from '../../../src/domain/scope.ts';
import { quietObserver } from '../../../src/upstream/upstream-observer.ts';
import { createUpstream } from '../../../src/upstream/upstream.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { upstreamOptions } from '../../support/upstream-options.ts';

const alice: Caller = {
  proof: { kind: 'bk_token', value: 'alice' },
  tenantId: null,
  language: null,
  fingerprint: 'alice',
  account: 'alice',
};
const job: JobReference = { scope: { kind: 'biz', id: '2' }, jobInstanceId: '100' };

function answerOf(finished: boolean) {
  const status = finished ? 3 : 2;
  const body = {
    code: 0,
    result: true,
    data: {
      finished,
      job_instance: { bk_scope_type: 'biz', bk_scope_id: '2', job_instance_id: 100, name: 'job', status },
      step_instance_list: [{ step_instance_id: 7, name: 'step', status, type: 1, execute_count: 0 }],
    },
  };
  return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(body)) };
}

/** A bk-job that answers its calls, in the order in which they came, when it is told to. */
function startUpstream() {
  const clock = createManualClock();
  const answers: ((finished: boolean) => void)[] = [];
  const upstream = createUpstream(
    upstreamOptions('http://bk-job.example.com', { connections: 2, now: () => clock.now() }),
    {
      observer: quietObserver,
      clock,
      connect: () => ({
        send: (_request, _options, outcome) => {
          answers.push((finished) => {
            outcome.answered(answerOf(finished));
          });
        },
        stats: () => ({ connected: 0, free: 0, pending: 0, running: 0 }),
        close: () => Promise.resolve(),
      }),
    },
  );
  const read = (hostDetail: boolean) => upstream.fetchJobInstanceStatus(alice, job, { hostDetail });
  return { clock, answers, read };
}

it('a job is as old as the call that it was read by, and not as its answer', async () => {
  const { clock, answers, read } = startUpstream();
  const began = clock.now();
  const before = read(true);
  clock.pass(1000);
  const after = read(false);
  clock.pass(500);
  answers[1]!(true);
  clock.pass(2000);
  answers[0]!(false);
  expect([await before, await after]).toMatchObject([
    { finished: false, observedAt: began },
    { finished: true, observedAt: began + 1000 },
  ]);
});
