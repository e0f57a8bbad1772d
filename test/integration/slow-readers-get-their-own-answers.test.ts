import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import type { SimulatedJob } from '../../src/simulator/job-model.ts';
import { startTestService } from '../support/start-test-service.ts';

const hosts = 8_000;

/** So long that an answer is more than the system takes of it while nobody reads. */
const tagOf = (job: string): string => `of ${job} `.repeat(150);

function jobNumbered(jobInstanceId: string): SimulatedJob {
  const tag = tagOf(jobInstanceId);
  return {
    scope: { type: 'biz', id: '2' },
    jobInstanceId,
    name: `job ${jobInstanceId}`,
    statusCode: 3,
    createTime: 1,
    operator: 'alice',
    steps: [
      {
        stepInstanceId: `${jobInstanceId}1`,
        name: 'only step',
        statusCode: 3,
        typeCode: 1,
        executeCount: 0,
        createTime: 1,
        hosts: Array.from({ length: hosts }, (_none, index) => ({
          bkHostId: String(index),
          ip: `10.0.${String(index >> 8)}.${String(index & 255)}`,
          bkCloudId: '0',
          statusCode: 9,
          exitCode: 0,
          tag,
        })),
      },
    ],
  };
}

const query =
  'query ($job: ID!) { jobInstance(scope: {bkBizId: 2}, jobInstanceId: $job) { ipResults { ip tag } } }';

/** Asks on a connection of its own; nothing is read of the answer until somebody does. */
async function ask(url: string, job: string): Promise<IncomingMessage> {
  const asked = request(url, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', 'x-bkapi-authorization': '{"bk_token":"alice"}' },
  });
  asked.end(JSON.stringify({ query, variables: { job } }));
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return answer;
}

/** What an answer says; hosts whose tag is not that of the job are somebody else's. */
async function read(answer: IncomingMessage, job: string): Promise<object> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const { data } = JSON.parse(Buffer.concat(chunks).toString()) as {
    readonly data: { readonly jobInstance: { readonly ipResults: readonly { ip: string; tag: string }[] } };
  };
  const { ipResults } = data.jobInstance;
  const tag = tagOf(job);
  return {
    job,
    hosts: new Set(ipResults.map(({ ip }) => ip)).size,
    ofOthers: ipResults.filter((host) => host.tag !== tag).length,
  };
}

const whole = (job: string): object => ({ job, hosts, ofOthers: 0 });

it('whoever reads slowly gets the own answer, whatever others are sent meanwhile', async () => {
  await using service = await startTestService();
  const jobs = ['1', '2', '3', '4', '5', '6'];
  for (const job of jobs) service.simulator.world.addJob(jobNumbered(job));
  const [first = '', second = '', third = '', ...quick] = jobs;
  const readNow = async (job: string): Promise<object> => read(await ask(service.graphqlUrl, job), job);

  // The first two times are graphql-js's and what makes the fast way ready.
  for (let times = 0; times < 2; times += 1) expect(await readNow(first)).toEqual(whole(first));
  const slow = await Promise.all([ask(service.graphqlUrl, first), ask(service.graphqlUrl, second)]);
  for (const job of quick) {
    (await ask(service.graphqlUrl, third)).destroy();
    expect(await readNow(job)).toEqual(whole(job));
  }
  expect(await Promise.all([read(slow[0], first), read(slow[1], second)])).toEqual([
    whole(first),
    whole(second),
  ]);
});
