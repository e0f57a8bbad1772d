import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runExample } from '../../support/run-program.ts';
import { startTestService, type TestService } from '../../support/start-test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service[Symbol.asyncDispose]());

/** Runs an example to its end, and tells what it wrote and which jobs bk-job was asked for. */
async function run(
  path: string,
  environment: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
) {
  service.simulator.calls.clear();
  await using program = runExample(path, {
    args,
    environment: { BKJOB_GQL_URL: service.graphqlUrl, ...environment },
  });
  const { code, stdout, stderr } = await program.ended;
  const calls = service.simulator.calls
    .all()
    .map(({ user, jobInstanceId }) => `${user ?? ''} ${jobInstanceId ?? ''}`);
  return { code, lines: stdout.trimEnd().split('\n'), stderr, calls };
}

describe('the example of', () => {
  it('Apollo Client asks once, and answers from its cache what has an id that it knows', async () => {
    expect(await run('apollo-client/query.ts')).toEqual({
      code: 0,
      lines: [
        'deploy order-service 2.8.1: FAILED',
        '  check disk space: SUCCEEDED',
        '  restart order-service: FAILED',
        '  copy package to standby: PENDING',
        'requests: 1',
      ],
      stderr: '',
      calls: ['alice 20000000004'],
    });
  });

  it('urql gets the failed hosts', async () => {
    expect(await run('urql/query.ts')).toEqual({
      code: 0,
      lines: [
        'deploy order-service 2.8.1: FAILED',
        '  192.0.2.3 SCRIPT_NONZERO_EXIT',
        '  192.0.2.6 SCRIPT_TIMED_OUT',
        '  192.0.2.10 AGENT_ERROR',
      ],
      stderr: '',
      calls: ['alice 20000000004'],
    });
  });

  it('urql tells by its code why somebody is not answered', async () => {
    const { code, lines } = await run('urql/query.ts', { BK_TOKEN: 'bob' });
    expect([code, lines]).toEqual([1, ['PERMISSION_DENIED']]);
  });

  it('generated types asks for another job that it is given', async () => {
    expect(await run('generated-types/query.ts', {}, ['20000000009'])).toEqual({
      code: 0,
      lines: [
        'patch kernels everywhere: FAILED',
        '  9 × SCRIPT_NONZERO_EXIT, exit code 1',
        '  8 × SCRIPT_TIMED_OUT, exit code 0',
        '  6 × AGENT_ERROR, exit code 0',
        '  5 × SCRIPT_NONZERO_EXIT, exit code 127',
        '  4 × AGENT_NOT_INSTALLED, exit code null',
        '  3 × SCRIPT_FAILED, exit code 255',
        '  2 × USER_NOT_FOUND, exit code 0',
      ],
      stderr: '',
      calls: ['alice 20000000009'],
    });
  });
});
