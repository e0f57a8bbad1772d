import { bareProxy, service, type Contender } from '../contenders.ts';
import { measureRounds, type Measurement, type Plan } from '../measure/rounds.ts';
import type { ServerOptions } from '../measure/server.ts';
import { everything } from '../peers/answers.js';
import { range } from '../fill-in.ts';
import { seriesOf, short } from '../report/figures.ts';
import { scaledHosts, scaledJob } from '../upstream/jobs.ts';
import { allOfHost, allOfJob, allOfStep, oneJob, workloads, type Workload } from '../workloads.ts';
import { measureHold } from './event-loop-hold.ts';
import { plotSvg } from './plot.ts';

/** How cost grows with what is asked. */
export interface Scaling {
  /** Tables, in Markdown. */
  readonly text: string;
  /** Plots by the name of their file. */
  readonly plots: Readonly<Record<string, string>>;
}

/** Something that grows. */
interface Growth {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly steps: readonly { readonly size: number; readonly workload: Workload }[];
  readonly contenders: readonly Contender[];
}

const plan: Plan = { rounds: 2, roundsPerStart: 2, leastWarmCpuSeconds: 2, seconds: 1, secondsIfFew: 2 };

const small = workloads[0]!;

const hostGrowth: Growth = {
  name: 'hosts',
  title: 'Hosts of a job, all fields',
  unit: 'host',
  contenders: [bareProxy, service],
  steps: scaledHosts.map((size, index) => ({
    size,
    workload: { ...small, name: `${String(size)} hosts`, connections: 4, jobs: [scaledJob(index)] },
  })),
};

const jobGrowth: Growth = {
  name: 'jobs',
  title: 'Jobs of one operation, no hosts',
  unit: 'job',
  contenders: [service],
  steps: [1, 2, 5, 10, 20, 50].map((size) => ({ size, workload: jobsById(size) })),
};

/** Every field of a host in turn; what leads to the hosts stays the same. */
const fieldGrowth: Growth = {
  name: 'fields',
  title: 'Fields of each of 10,000 hosts',
  unit: 'field',
  contenders: [service],
  steps: [1, 2, 4, 7, 10, allOfHost.split(' ').length].map((size) => ({
    size,
    workload: fieldsOfHosts(size),
  })),
};

const connectionGrowth: Growth = {
  name: 'connections',
  title: 'Connections, one small job each',
  unit: 'connection',
  contenders: [bareProxy, service],
  steps: [1, 10, 50, 100, 200, 500].map((size) => ({
    size,
    workload: { ...small, name: `${String(size)} connections`, connections: size, callers: size },
  })),
};

function jobsById(size: number): Workload {
  const ids = range(0, size).map((index) => `@${String(index)}@`);
  return {
    ...small,
    name: `${String(size)} jobs`,
    jobsPerRequest: size,
    connections: 20,
    body: JSON.stringify({
      query: `query Jobs($ids: [ID!]!) { jobInstancesById(scope: {bkBizId: "1"}, jobInstanceIds: $ids) { jobInstanceId jobInstance { finished } } }`,
      variables: { ids },
    }),
    expect: (jobs) =>
      Promise.resolve({
        data: {
          jobInstancesById: jobs.map((job) => ({
            jobInstanceId: String(job),
            jobInstance: { finished: true },
          })),
        },
      }),
  };
}

/** Fields that are sent as they come stand first, those that are made of them last. */
function fieldsOfHosts(size: number): Workload {
  const asSent = ['ip', 'statusCode', 'exitCode', 'errorCode', 'tag', 'bkCloudId', 'bkHostId', 'totalTime'];
  const fields = [...asSent, ...allOfHost.split(' ').filter((field) => !asSent.includes(field))].slice(
    0,
    size,
  );
  const selection = `${allOfJob} steps { ${allOfStep} ipResults { ${fields.join(' ')} } }`;
  return {
    ...small,
    name: `${String(size)} fields`,
    connections: 4,
    jobs: range(3001, 4),
    body: oneJob(selection),
    expect: async ([job = 0], read) => ({
      data: { jobInstance: pick(everything(await read(job, true), '1'), fields) },
    }),
  };
}

interface WithSteps {
  readonly steps: readonly { readonly ipResults: readonly Readonly<Record<string, unknown>>[] }[];
}

function pick(job: Readonly<Record<string, unknown>>, fields: readonly string[]): unknown {
  const { steps } = job as Readonly<Record<string, unknown>> & WithSteps;
  return {
    ...job,
    steps: steps.map((step) => ({
      ...step,
      ipResults: step.ipResults.map((host) =>
        Object.fromEntries(fields.map((field) => [field, host[field]])),
      ),
    })),
  };
}

/** Measures how cost grows with hosts, jobs, fields and connections, and how long one request holds the event loop. */
export async function measureScaling(options: ServerOptions): Promise<Scaling> {
  const parts: string[] = [];
  const plots: Record<string, string> = {};
  for (const growth of [hostGrowth, jobGrowth, fieldGrowth, connectionGrowth]) {
    console.error(growth.title);
    const measurements: Measurement[] = [];
    for (const { workload } of growth.steps) {
      await measureRounds(workload, growth.contenders, {
        ...options,
        plan,
        onFailed: ({ name }, error) => console.error(`  ${workload.name} ${name} FAILED: ${String(error)}`),
        onMeasured: (one) => {
          measurements.push(one);
          console.error(
            `  ${one.workload} ${one.contender} CPU ${short(one.cpuMilliseconds)} ms  p99 ${short(one.p99)} ms`,
          );
        },
      });
    }
    parts.push(growthTable(growth, measurements));
    plots[`${growth.name}.svg`] = plotSvg({
      title: `${growth.title}: CPU per request, milliseconds`,
      lines: growth.contenders.map(({ name }) => ({ name, points: pointsOf(growth, measurements, name) })),
    });
  }
  parts.push(await holdTable(options));
  return { text: parts.join('\n'), plots };
}

type Point = readonly [size: number, milliseconds: number];

function pointsOf({ steps }: Growth, measurements: readonly Measurement[], contender: string): Point[] {
  return steps.map(({ size, workload }) => [
    size,
    seriesOf(measurements, workload.name, contender).median('cpuMilliseconds'),
  ]);
}

function growthTable(growth: Growth, measurements: readonly Measurement[]): string {
  const names = growth.contenders.map(({ name }) => name);
  const rows = growth.steps.map(({ size, workload }) => {
    const cells = names.map((name) => {
      const one = seriesOf(measurements, workload.name, name);
      return `${short(one.median('cpuMilliseconds'))} | ${short(one.median('answersPerSecond'))} | ${short(one.median('p99'))} | ${short(one.median('peakMebibytes'))} | ${short(one.median('failedPerSecond'))}`;
    });
    return `| ${size.toLocaleString('en')} | ${cells.join(' | ')} |`;
  });
  const slopes = names.map(
    (name) => `${name}: ${slopeText(pointsOf(growth, measurements, name), growth.unit)}`,
  );
  const columns = names.flatMap((name) => [`${name}: CPU ms`, 'answers/s', 'p99 ms', 'MiB', 'turned away/s']);
  return [
    `**${growth.title}**`,
    '',
    `| ${growth.unit}s | ${columns.join(' | ')} |`,
    `|---:|${columns.map(() => '---:').join('|')}|`,
    ...rows,
    '',
    `Slope of CPU per request. ${slopes.join('; ')}. Plot: [${growth.name}.svg](${growth.name}.svg).`,
    '',
  ].join('\n');
}

/** The straight line through all points, and the power by which cost grows between the two largest. */
function slopeText(points: readonly Point[], unit: string): string {
  const mean = (of: (point: Point) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(([size]) => size), mean(([, time]) => time)];
  const slope = mean(([size, time]) => (size - x) * (time - y)) / mean(([size]) => (size - x) ** 2);
  const [[size1, time1] = [1, 1], [size2, time2] = [1, 1]] = points.slice(-2);
  const power = Math.log(time2 / time1) / Math.log(size2 / size1);
  return `${short(slope * 1000)} µs per ${unit}, growing as its power ${short(power)} at the end`;
}

async function holdTable(options: ServerOptions): Promise<string> {
  const rows: string[] = [];
  for (const { size, workload } of hostGrowth.steps.filter(({ size }) => size >= 1000)) {
    const hold = await measureHold(workload, options);
    rows.push(`| ${size.toLocaleString('en')} | ${short(hold.median)} | ${short(hold.longest)} |`);
  }
  return [
    '**How long one request holds the event loop in one piece, milliseconds**',
    '',
    '| hosts | median | longest |',
    '|---:|---:|---:|',
    ...rows,
    '',
  ].join('\n');
}
