import { createClient } from 'graphql-sse';
import { describe, expect, it } from 'vitest';
import { cmdbHostName } from '../../../examples/supergraph/cmdb-subgraph.ts';
import { startHiveGateway } from '../../../examples/supergraph/hive-gateway.ts';
import { addControlledJob } from '../../support/live/controlled-job.ts';
import { startSupergraph, type Supergraph } from '../../support/start-supergraph.ts';

interface Update {
  readonly jobInstanceUpdated: {
    readonly phase: string;
    readonly ipResults: readonly { readonly host: { readonly name: string } }[];
  } | null;
}

/** Follows a job through the gateway, joined with the names of its hosts. */
function follow({ gateway }: Supergraph, jobInstanceId: string, token: string) {
  const client = createClient({
    url: gateway.url,
    headers: { 'x-bkapi-authorization': JSON.stringify({ bk_token: token }) },
    retryAttempts: 0,
  });
  return client.iterate<Update>({
    query: `subscription ($job: ID!) {
      jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: $job) {
        phase
        ipResults(phase: FAILED) { host { name } }
      }
    }`,
    variables: { job: jobInstanceId },
  });
}

describe('through Hive Gateway', () => {
  it('a job is followed to its end, with the names that a CMDB gives its hosts', async () => {
    await using supergraph = await startSupergraph({ startGateway: startHiveGateway });
    const job = addControlledJob(supergraph.simulator);
    const states: unknown[] = [];
    for await (const { data, errors } of follow(supergraph, job.jobInstanceId, 'alice')) {
      expect(errors).toBeUndefined();
      states.push(data?.jobInstanceUpdated);
      if (states.length === 1) job.become(4, { hosts: [9, 11] });
    }
    expect(states).toEqual([
      { phase: 'RUNNING', ipResults: [] },
      { phase: 'FAILED', ipResults: [{ host: { name: cmdbHostName('102') } }] },
    ]);
    expect(supergraph.simulator.calls.all().every(({ user }) => user === 'alice')).toBe(true);
  });

  it('each message has the hosts that the job has by then, as they come, change and go', async () => {
    await using supergraph = await startSupergraph({ startGateway: startHiveGateway });
    const job = addControlledJob(supergraph.simulator);
    job.become(2, { hosts: [11, 11] });
    const hosts: unknown[] = [];
    for await (const { data, errors } of follow(supergraph, job.jobInstanceId, 'alice')) {
      expect(errors).toBeUndefined();
      hosts.push(data?.jobInstanceUpdated?.ipResults.map(({ host }) => host.name));
      if (hosts.length === 1) job.become(2, { hosts: [11, 11, 11] });
      if (hosts.length === 2) job.become(4, { hosts: [9, 11] });
    }
    const [first, second, third] = ['101', '102', '103'].map(cmdbHostName);
    expect(hosts).toEqual([[first, second], [first, second, third], [second]]);
  });

  it('who may not see a job is told so, and follows nothing', async () => {
    await using supergraph = await startSupergraph({ startGateway: startHiveGateway });
    const answers = [];
    for await (const answer of follow(supergraph, '20000000004', 'bob')) answers.push(answer);
    expect(answers.map(({ data }) => data?.jobInstanceUpdated ?? null)).toEqual([null]);
    expect(answers[0]?.errors?.map(({ extensions }) => extensions['code'])).toEqual(['PERMISSION_DENIED']);
  });
});
