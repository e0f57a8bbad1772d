import { startLoadBench, type LoadBench, type ServiceProbe } from './load/load-bench.ts';
import type { PlannedRequest } from './load/plan.ts';
import { samplesOf, type Sample } from './load/samples.ts';

/** A job of so many hosts, which one caller pages through. */
export interface LargeJob {
  readonly jobInstanceId: string;
  readonly hosts: number;
}

/** What came of it. */
export interface PagesMeasured {
  readonly samples: readonly Sample[];
  readonly probe: ServiceProbe;
  /** How often bk-job was asked for the job meanwhile. */
  readonly upstreamReads: number;
  /** Memory that the service holds in addition, garbage collected; bytes. */
  readonly held: number;
}

const query =
  'query Page($job: ID!, $after: String) { jobInstance(scope: { bkBizId: "2" }, jobInstanceId: $job) { name phase ' +
  'ipResultConnection(first: 500, after: $after) { totalCount edges { node { ip status exitCode } } pageInfo { endCursor } } } }';

/** Pages of a job at random, one at a time, by a caller whose reads are kept for a second. */
export async function measurePages(
  job: LargeJob,
  { seed, seconds }: { readonly seed: number; readonly seconds: number },
): Promise<PagesMeasured> {
  await using bench = await startLoadBench({
    seed,
    bigJob: job,
    environment: { BKJOB_GQL__CACHE__MEMORY__TTL: '1s' },
  });
  const [caller = ''] = bench.callers;
  const idle = await bench.probe();
  const requests = await pagesOf(bench, caller, job);
  const run = (duration: number) =>
    bench.run({
      seed,
      callers: [caller],
      requests,
      phases: [{ kind: 'closed', atATime: 1, seconds: duration }],
    });
  await run(4);
  await bench.probe();
  await bench.takeCalls();
  const samples = samplesOf(await run(seconds));
  const probe = await bench.probe();
  return {
    samples,
    probe,
    upstreamReads: await bench.takeCalls(),
    held: probe.heapUsed + probe.arrayBuffers - idle.heapUsed - idle.arrayBuffers,
  };
}

interface Answer {
  readonly data: {
    readonly jobInstance: {
      readonly ipResultConnection: {
        readonly totalCount: number;
        readonly edges: readonly { readonly node: { readonly ip: string } }[];
        readonly pageInfo: { readonly endCursor: string };
      };
    };
  };
}

/** Goes through the job once. Throws where that does not give every host once. */
async function pagesOf(
  bench: LoadBench,
  caller: string,
  { jobInstanceId, hosts }: LargeJob,
): Promise<readonly PlannedRequest[]> {
  const requests: PlannedRequest[] = [];
  const ips = new Set<string>();
  let after: string | null = null;
  do {
    const request: PlannedRequest = { query, variables: { job: jobInstanceId, after } };
    const response = await fetch(bench.graphqlUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-bkapi-authorization': JSON.stringify({ bk_token: caller }),
      },
      body: JSON.stringify(request),
    });
    const { data } = (await response.json()) as Answer;
    const { totalCount, edges, pageInfo } = data.jobInstance.ipResultConnection;
    if (totalCount !== hosts) throw new Error(`${String(totalCount)} hosts in place of ${String(hosts)}.`);
    for (const { node } of edges) ips.add(node.ip);
    requests.push(request);
    after = edges.length < 500 ? null : pageInfo.endCursor;
  } while (after !== null);
  if (ips.size !== hosts) throw new Error(`${String(ips.size)} hosts on all pages together.`);
  return requests;
}
