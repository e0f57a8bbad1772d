import { describe, expect, it } from 'vitest';
import { addControlledJob } from '../../support/live/controlled-job.ts';
import { runExample } from '../../support/run-program.ts';
import { startTestService } from '../../support/start-test-service.ts';

/** What each writes while the job runs, once one of its two hosts has failed, and when it is over. */
const followers = [
  ['@apollo/client over multipart', 'apollo-client/follow.ts', [], ['RUNNING', 'FAILED', 'over']],
  ['@apollo/client over a socket', 'apollo-client/follow.ts', ['websocket'], ['RUNNING', 'FAILED', 'over']],
  ['urql over a socket', 'urql/follow.ts', [], ['RUNNING', 'FAILED', 'over']],
  ['graphql-ws', 'graphql-ws/follow.ts', [], ['RUNNING 0+0 of 2', 'FAILED 1+1 of 2', 'over']],
  [
    'graphql-sse',
    'graphql-sse/follow.ts',
    [],
    ['RUNNING · only step: RUNNING', 'FAILED · only step: FAILED', 'over'],
  ],
] as const;

describe('a job is followed to its end by', () => {
  it.each(followers)('%s', async (_client, path, args, [running, failed, over]) => {
    await using service = await startTestService();
    const job = addControlledJob(service.simulator);
    await using program = runExample(path, {
      args: [job.jobInstanceId, ...args],
      environment: { BKJOB_GQL_URL: service.graphqlUrl },
    });
    await program.written(/RUNNING.*\n/);
    job.become(4, { hosts: [9, 11] });
    expect(await program.ended).toEqual({
      code: 0,
      signal: null,
      stdout: `${running}\n${failed}\n${over}\n`,
      stderr: '',
    });
    expect(service.simulator.calls.all().every(({ user }) => user === 'alice')).toBe(true);
  });
});
