import { range } from './fill-in.ts';
import { unseenJobs } from './upstream/jobs.ts';
import { brief, everything, everythingSent, failedHosts, type WireData } from './peers/answers.js';

/** How `data` of bk-job's answer about a job is had. */
export type ReadJob = (jobInstanceId: number, hosts: boolean) => Promise<WireData>;

/** Something to ask, again and again. */
export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly connections: number;
  /** By how many users it is asked: none may have more than some requests under way. */
  readonly callers: number;
  /** Calls that answer one request without anything shared. */
  readonly jobsPerRequest: number;
  /** Jobs that requests go through in turn; each request takes `jobsPerRequest` of them. */
  readonly jobs: readonly number[];
  /**
   * Body of a request to a GraphQL server. `@0@`, `@1@` stand for the jobs.
   */
  readonly body: string;
  /** Path at the hand-written services; `@0@` stands for the first job. */
  readonly restPath: string;
  /** The right answer, worked out from bk-job's own JSON. */
  expect(jobs: readonly number[], read: ReadJob): Promise<unknown>;
}

const times = 'startTime endTime totalTime';
const sentOfHost = `ip bkCloudId bkHostId status tag exitCode errorCode ${times}`;

/** Every field of a host, a step and a job that is a value; those that lead to other objects are left out. */
export const allOfHost = `id ip bkCloudId bkHostId status statusCode phase tag exitCode error errorCode ${times}`;
export const allOfStep = `id stepInstanceId jobInstanceId bkBizId name type typeCode status statusCode phase executeCount createTime ${times}`;
export const allOfJob = `id jobInstanceId bkBizId bkBizSetId bkTenantSetId name status statusCode phase finished createTime ${times} webUrl`;

const operation = (selection: string): string =>
  `query Job($scope: ScopeInput!, $job: ID!) { jobInstance(scope: $scope, jobInstanceId: $job) { ${selection} } }`;

const allWithHosts = (ofHost: string): string => `${allOfJob} steps { ${allOfStep} ipResults { ${ofHost} } }`;

const failed =
  'jobInstanceId status finished steps { stepInstanceId status ipResults(status: FAILED) { ip status exitCode } }';
const inBrief = 'jobInstanceId name status finished steps { stepInstanceId name status }';

const scope = { bkBizId: '1' };

/** Body of a request about one job. */
export function oneJob(selection: string): string {
  return JSON.stringify({ query: operation(selection), variables: { scope, job: '@0@' } });
}

/** The same with the id in the text. */
function oneJobInText(selection: string): string {
  const query = `query Job { jobInstance(scope: {bkBizId: "1"}, jobInstanceId: "@0@") { ${selection} } }`;
  return JSON.stringify({ query });
}

const twenty = Array.from({ length: 20 }, (_, index) => index);

function twentyJobs(): string {
  const variables = twenty.map((index) => `$i${String(index)}: ID!`).join(' ');
  const fields = twenty.map(
    (index) =>
      `j${String(index)}: jobInstance(scope: $scope, jobInstanceId: $i${String(index)}) { ${inBrief} }`,
  );
  return JSON.stringify({
    query: `query Jobs($scope: ScopeInput! ${variables}) { ${fields.join(' ')} }`,
    variables: {
      scope,
      ...Object.fromEntries(twenty.map((index) => [`i${String(index)}`, `@${String(index)}@`])),
    },
  });
}

function twentyJobsInText(): string {
  const fields = twenty.map((index) => {
    const id = `"@${String(index)}@"`;
    return `j${String(index)}: jobInstance(scope: {bkBizId: "1"}, jobInstanceId: ${id}) { ${inBrief} }`;
  });
  return JSON.stringify({ query: `query Jobs { ${fields.join(' ')} }` });
}

const oneOf =
  (shape: (data: WireData, bizId: string) => unknown): Workload['expect'] =>
  async ([job = 0], read) => ({ data: { jobInstance: shape(await read(job, true), scope.bkBizId) } });

const manyInBrief: Workload['expect'] = async (jobs, read) => ({
  data: Object.fromEntries(
    await Promise.all(
      jobs.map(async (job, index) => [`j${String(index)}`, brief(await read(job, false))] as const),
    ),
  ),
});

const small = {
  callers: 50,
  connections: 50,
  jobsPerRequest: 1,
  jobs: range(1, 1000),
  restPath: '/rest/everything/@0@',
};
const large = { callers: 50, connections: 4, jobsPerRequest: 1, jobs: range(3001, 4) };
const many = {
  callers: 50,
  connections: 50,
  jobsPerRequest: 20,
  jobs: range(1, 1000),
  restPath: '/rest/many/@0@',
};
/** So many that no text comes twice. */
const unseen = range(unseenJobs.first, unseenJobs.count);
const whole = { body: oneJob(allWithHosts(allOfHost)), expect: oneOf(everything) };

/** The workloads, by what they are known as. */
export const workloads: readonly Workload[] = [
  { ...small, ...whole, name: 'W1', title: 'one small job (1 step, 1 host), all fields' },
  { ...small, ...whole, name: 'W2', title: '5 steps of 50 hosts, all fields', jobs: range(2001, 50) },
  {
    ...large,
    name: 'W3',
    title: '10,000 hosts, of which a filter keeps 50',
    body: oneJob(failed),
    restPath: '/rest/failed/@0@',
    expect: oneOf(failedHosts),
  },
  {
    ...large,
    ...whole,
    name: 'W4',
    title: '10,000 hosts, all fields',
    restPath: '/rest/everything/@0@',
  },
  {
    ...large,
    name: 'W4s',
    title: '10,000 hosts, of each the 10 fields that bk-job sends',
    body: oneJob(allWithHosts(sentOfHost)),
    restPath: '/rest/sent/@0@',
    expect: oneOf(everythingSent),
  },
  {
    ...many,
    name: 'W5',
    title: '20 jobs in one operation, no hosts',
    body: twentyJobs(),
    expect: manyInBrief,
  },
  {
    ...small,
    ...whole,
    name: 'W6',
    title: 'fifty clients of one user, one and the same job of 5 steps of 50 hosts',
    callers: 1,
    jobs: [2001],
  },
  {
    ...small,
    ...whole,
    name: 'W1u',
    title: 'as W1, the id in the text, no id twice',
    jobs: unseen,
    body: oneJobInText(allWithHosts(allOfHost)),
  },
  {
    ...many,
    name: 'W5u',
    title: 'as W5, ids in the text, no id twice',
    jobs: unseen,
    body: twentyJobsInText(),
    expect: manyInBrief,
  },
];

/** The jobs of a request by its number: windows that do not overlap, in turn. */
export function jobsOfRequest({ jobs, jobsPerRequest }: Workload, sequence: number): readonly number[] {
  const windows = Math.floor(jobs.length / jobsPerRequest);
  const start = (sequence % windows) * jobsPerRequest;
  return jobs.slice(start, start + jobsPerRequest);
}
