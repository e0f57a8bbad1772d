import type { Caller } from '../../src/domain/caller.ts';
import type { JobReference } from '../../src/domain/scope.ts';
import { quietObserver, type UpstreamObserver } from '../../src/upstream/upstream-observer.ts';
import { createUpstream } from '../../src/upstream/upstream.ts';
import { createManualClock } from './manual-clock.ts';
import { upstreamOptions } from './upstream-options.ts';

const alice: Caller = {
  proof: { kind: 'bk_token', value: 'alice' },
  tenantId: null,
  language: null,
  fingerprint: 'alice',
  account: 'alice',
};
const job: JobReference = { scope: { kind: 'biz', id: '2' }, jobInstanceId: '100' };

function answerOf(finished: boolean, padding: number) {
  const status = finished ? 3 : 2;
  const body = {
    code: 0,
    message: ' '.repeat(padding),
    result: true,
    data: {
      finished,
      job_instance: { bk_scope_type: 'biz', bk_scope_id: '2', job_instance_id: 100, name: 'job', status },
      step_instance_list: [{ step_instance_id: 7, name: 'step', status, type: 1, execute_count: 0 }],
    },
  };
  return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(body)) };
}

/**
 * Reads of a bk-job that answers its calls, in the order in which they came, when a test says so, with so many
 * bytes more than it takes.
 */
export function readByHand(observer: Partial<UpstreamObserver> = {}, padding = 0) {
  const clock = createManualClock();
  const answers: ((finished: boolean) => void)[] = [];
  const upstream = createUpstream(
    upstreamOptions('http://bk-job.example.com', { connections: 2, now: () => clock.now() }),
    {
      observer: { ...quietObserver, ...observer },
      clock,
      connect: () => ({
        send: (_request, _options, outcome) => {
          answers.push((finished) => {
            outcome.answered(answerOf(finished, padding));
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
