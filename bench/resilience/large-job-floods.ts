import type { LargeJob } from './large-job-pages.ts';
import { startLoadBench, type LoadBench, type ServiceProbe } from './load/load-bench.ts';
import type { PlannedRequest } from './load/plan.ts';
import { samplesOf, type Sample } from './load/samples.ts';

/** What came of one flood. */
export interface FloodMeasured {
  readonly what: string;
  readonly flood: readonly Sample[];
  /** What other callers got meanwhile. */
  readonly others: readonly Sample[];
  readonly probe: ServiceProbe;
}

/** As many as one caller may have under way. */
const mostAtATime = 24;
/** So many are soon answered when no more are sent. */
const fewAtATime = 4;
const othersPerSecond = 40;
const textCount = 500;

const fields =
  'id ip bkCloudId bkHostId status statusCode phase tag exitCode error errorCode startTime endTime totalTime';

const orders = ['HOST', 'STATUS', 'EXIT_CODE', 'START_TIME', 'END_TIME', 'TOTAL_TIME'].flatMap((order) => [
  `${order}_ASC`,
  `${order}_DESC`,
]);

/** What a supergraph asks, what graphql-js makes an object of each host for, and what is not divided. */
function floodsOf({ jobInstanceId: job }: LargeJob): Readonly<Record<string, readonly PlannedRequest[]>> {
  const ofJob = `(scope: { bkBizId: "2" }, jobInstanceId: "${job}")`;
  const hosts = `${ofJob} { ipResults { ${fields} } }`;
  const inOrder = orders.map((order) => `${order}: ipResults(orderBy: ${order}, limit: 1) { ip }`);
  return {
    'references of a gateway': [
      {
        query: `query ($references: [_Any!]!) { _entities(representations: $references) { ... on JobInstance { ipResults { ${fields} } } } }`,
        variables: { references: [{ __typename: 'JobInstance', id: `biz:2:${job}` }] },
      },
    ],
    'lists in texts that never come twice': Array.from({ length: textCount }, (_, index) => ({
      query: `{ job${String(index)}: jobInstance${hosts} }`,
    })),
    'twelve orders in each operation': [{ query: `{ jobInstance${ofJob} { ${inOrder.join(' ')} } }` }],
  };
}

/** One caller asks for all hosts of a large job again and again, as often at a time as he may, and others for little. */
export async function measureFloods(
  job: LargeJob,
  { seed, seconds }: { readonly seed: number; readonly seconds: number },
): Promise<readonly FloodMeasured[]> {
  const measured: FloodMeasured[] = [];
  for (const [what, requests] of Object.entries(floodsOf(job))) {
    await using bench = await startLoadBench({ seed, bigJob: job });
    await flood(bench, { requests, job, seed, atATime: fewAtATime, seconds: 4 });
    await bench.probe();
    const ran = await flood(bench, { requests, job, seed, atATime: mostAtATime, seconds });
    measured.push({ what, ...ran, probe: await bench.probe() });
  }
  return measured;
}

interface Flood {
  readonly requests: readonly PlannedRequest[];
  readonly job: LargeJob;
  readonly seed: number;
  readonly atATime: number;
  readonly seconds: number;
}

async function flood(
  bench: LoadBench,
  { requests, job, seed, atATime, seconds }: Flood,
): Promise<Pick<FloodMeasured, 'flood' | 'others'>> {
  const [greedy = '', ...others] = bench.callers;
  const plain: PlannedRequest = {
    query: `query ($job: ID!) { jobInstance(scope: { bkBizId: "2" }, jobInstanceId: $job) { name phase } }`,
    variables: { job: job.jobInstanceId },
  };
  const [ofGreedy, ofOthers] = await Promise.all([
    bench.run({ seed, callers: [greedy], requests, phases: [{ kind: 'closed', atATime, seconds }] }),
    bench.run({
      seed,
      callers: others,
      requests: [plain],
      phases: [{ kind: 'open', perSecond: othersPerSecond, seconds }],
    }),
  ]);
  return { flood: samplesOf(ofGreedy), others: samplesOf(ofOthers) };
}
