import { describe, expect, it } from 'vitest';
import { addControlledJob } from '../../support/live/controlled-job.ts';
import { eventually } from '../../support/eventually.ts';
import { runExample } from '../../support/run-program.ts';
import { startTestService } from '../../support/start-test-service.ts';

describe('a pipeline that waits for a job', () => {
  it.each([
    ['goes on where the job succeeded', 3, 0, 'Job 42 succeeded.\n'],
    ['stops where it failed', 4, 1, 'Job 42 did not succeed: '],
    ['stops where a person has to act', 7, 1, 'Job 42 waits for a person.\n'],
  ])('%s', async (_what, statusCode, code, text) => {
    await using service = await startTestService();
    const job = addControlledJob(service.simulator);
    await using script = runExample('pipeline/wait-for-job.sh', {
      args: ['2', job.jobInstanceId],
      environment: { BKJOB_GQL_URL: service.graphqlUrl },
    });
    await eventually(() => {
      expect(service.simulator.calls.all().length).toBeGreaterThan(0);
    });
    job.become(statusCode);
    const end = await script.ended;
    expect([end.code, end.stderr]).toEqual([code, '']);
    expect(end.stdout.startsWith(text)).toBe(true);
  });

  it('stops where the job may not be seen, and says why', async () => {
    await using service = await startTestService();
    await using script = runExample('pipeline/wait-for-job.sh', {
      args: ['2', '20000000004'],
      environment: { BKJOB_GQL_URL: service.graphqlUrl, BK_TOKEN: 'bob' },
    });
    const { code, stdout } = await script.ended;
    expect(code).toBe(1);
    expect(stdout).toContain('PERMISSION_DENIED');
  });
});
