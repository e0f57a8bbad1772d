import { expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../../src/simulator/index.ts';
import { addControlledJob } from '../../support/live/controlled-job.ts';
import { connect, followOverSocket } from '../../support/live/follow-over-socket.ts';
import { addressesOf, runProgram, type RunningProgram } from '../../support/run-program.ts';

const query = '{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { phase } }';
const followed = `subscription ($known: String) {
  jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "42", revision: $known) { phase finished revision }
}`;

function startReplica(bkJob: Simulator): RunningProgram {
  return runProgram({
    environment: {
      PORT: '0',
      BKJOB_GQL__UPSTREAM__KIND: 'apigw-v3',
      BKJOB_GQL__UPSTREAM__BASE_URL: `${bkJob.url}/api/bk-job`,
      BKJOB_GQL__UPSTREAM__APP_CODE: 'demo_app',
      BKJOB_GQL__UPSTREAM__APP_SECRET: 'demo_secret',
      BKJOB_GQL__TELEMETRY__METRICS__LISTEN: 'off',
      BKJOB_GQL__LOG__LEVEL: 'warn',
    },
  });
}

async function ask(graphqlUrl: string): Promise<unknown> {
  const response = await fetch(graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-bkapi-authorization': '{"bk_token":"alice"}' },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

it('a process that is killed takes its own requests along, and nothing of another one or of who comes again', async () => {
  await using bkJob = await startSimulator();
  const job = addControlledJob(bkJob);
  await using killed = startReplica(bkJob);
  await using other = startReplica(bkJob);
  const [first, second] = [await addressesOf(killed), await addressesOf(other)];
  const socketUrl = ({ graphqlUrl }: { graphqlUrl: string }) =>
    new URL('/ws', graphqlUrl).href.replace('http', 'ws');

  const before = followOverSocket(connect(socketUrl(first)), followed);
  const seen = await before.until(1);
  const known = (seen.data?.['jobInstanceUpdated'] as { revision: string }).revision;
  bkJob.calls.clear();
  bkJob.faults.inject({
    match: { jobInstanceId: '20000000004' },
    fault: { kind: 'delay', ms: 500 },
  });
  const outcomes = [first, second].map(({ graphqlUrl }) =>
    ask(graphqlUrl).catch((error: unknown) => (error instanceof Error ? 'lost' : error)),
  );
  const arrived = () => bkJob.calls.all().filter(({ jobInstanceId }) => jobInstanceId === '20000000004');
  while (arrived().length < 2) await new Promise((resolve) => setImmediate(resolve));

  killed.signal('SIGKILL');
  expect(await Promise.all(outcomes)).toEqual(['lost', { data: { jobInstance: { phase: 'FAILED' } } }]);
  expect(await killed.ended).toMatchObject({ code: null, signal: 'SIGKILL', stderr: '' });
  await expect(before.completed).rejects.toMatchObject({ code: 1006 });

  // Whoever followed comes to the other one with what it has, and misses nothing: here, the end.
  const after = followOverSocket(connect(socketUrl(second)), followed, { known });
  job.become(3);
  await after.completed;
  expect(after.payloads.map(({ data }) => data?.['jobInstanceUpdated'])).toEqual([
    { phase: 'SUCCEEDED', finished: true, revision: expect.any(String) as string },
  ]);
});
