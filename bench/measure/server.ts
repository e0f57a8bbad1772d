import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import type { Contender } from '../contenders.ts';
import { makeLoad, type LoadResult } from '../load/load.ts';
import { jobPath, type Upstream } from '../upstream/upstream.ts';
import type { WireData } from '../peers/answers.js';
import { fillIn } from '../fill-in.ts';
import { jobsOfRequest, type ReadJob, type Workload } from '../workloads.ts';
import { freePort, startProcess, type StartedProcess } from './processes.ts';

/** A contender that runs. */
export interface RunningServer extends AsyncDisposable {
  readonly contender: Contender;
  readonly process: StartedProcess;
  /** Asks once. Throws where the answer is not what bk-job's own answers make it. */
  check(workload: Workload): Promise<void>;
  /** Keeps it busy. */
  load(workload: Workload, seconds: number): Promise<LoadResult>;
  /** Body of the answer to one request. */
  ask(workload: Workload, sequence: number): Promise<string>;
}

/** What servers are started with. */
export interface ServerOptions {
  readonly upstream: Upstream;
  /** Directory for what is written on the way. */
  readonly scratch: string;
  /** Arguments of Node before the script. */
  readonly nodeArguments?: readonly string[];
  readonly ipc?: boolean;
}

/** Starts a contender; it may not be ready yet, which `check` waits for. */
export async function startServer(contender: Contender, options: ServerOptions): Promise<RunningServer> {
  const { upstream, scratch, nodeArguments = [], ipc = false } = options;
  const port = await freePort();
  const [node = '', ...script] = contender.command;
  const logFile = join(scratch, `${contender.name}.log`);
  const output = openSync(logFile, 'w');
  const process = startProcess([node, ...nodeArguments, ...script], {
    environment: { ...contender.environment(upstream.url), NODE_ENV: 'production', PORT: String(port) },
    output,
    ipc,
  });
  closeSync(output);
  const read = createReader(upstream);
  // Requests are numbered through, so that what must not come twice does not.
  let sequence = 0;

  async function ask(workload: Workload, number: number): Promise<string> {
    const jobs = jobsOfRequest(workload, number);
    const isGraphql = contender.kind === 'graphql';
    const path = isGraphql ? '/graphql' : fillIn(workload.restPath, jobs);
    const response = await fetch(`http://127.0.0.1:${String(port)}${path}`, {
      method: isGraphql ? 'POST' : 'GET',
      headers: {
        accept: 'application/json',
        'x-bkapi-authorization': '{"bk_token":"alice"}',
        ...(isGraphql && { 'content-type': 'application/json' }),
      },
      ...(isGraphql && { body: fillIn(workload.body, jobs) }),
    });
    const text = await response.text();
    if (response.status === tooMany) throw new TurnedAway(`${contender.name} has too much to do.`);
    if (response.status !== 200)
      throw new Error(`${contender.name} answered ${String(response.status)}: ${text.slice(0, 300)}`);
    return text;
  }

  async function check(workload: Workload): Promise<void> {
    const number = sequence++;
    const text = await whenListening(() => ask(workload, number), { process, logFile });
    const jobs = jobsOfRequest(workload, number);
    const answer: unknown = JSON.parse(text);
    if (contender.kind === 'bytes') return assertBytes(answer, jobs, read);
    const expected: unknown = await workload.expect(jobs, read);
    if (!isDeepStrictEqual(answer, expected)) {
      throw new Error(`${contender.name} answers ${workload.name} wrongly: ${text.slice(0, 300)}`);
    }
  }

  return {
    contender,
    process,
    check,
    ask,
    load: async (workload, seconds) => {
      const isGraphql = contender.kind === 'graphql';
      const result = await makeLoad(
        {
          method: isGraphql ? 'POST' : 'GET',
          path: isGraphql ? '/graphql' : workload.restPath,
          body: isGraphql ? workload.body : '',
          firstJob: workload.jobs[0] ?? 0,
          jobs: workload.jobs.length,
          jobsPerRequest: workload.jobsPerRequest,
          sequence,
          connections: workload.connections,
          callers: workload.callers,
          seconds,
          port,
        },
        join(scratch, 'requests.txt'),
      );
      sequence += result.requests + workload.connections;
      return result;
    },
    [Symbol.asyncDispose]: () => process.end(),
  };
}

const tooMany = 429;

/** A server that has just been asked for too much may say so for a second more. */
class TurnedAway extends Error {
  override readonly name = 'TurnedAway';
}

async function whenListening<Result>(
  ask: () => Promise<Result>,
  { process, logFile }: { readonly process: StartedProcess; readonly logFile: string },
): Promise<Result> {
  for (let attempt = 0; attempt < 400 && !process.hasEnded(); attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof TurnedAway)) throw error;
      await pause(25);
    }
  }
  throw new Error(`It does not answer: ${readFileSync(logFile, 'utf8').slice(-2000)}`);
}

const read = new Map<string, Promise<WireData>>();

function createReader(upstream: Upstream): ReadJob {
  return (job, hosts) => {
    const url = `${upstream.url}${jobPath(job, hosts)}`;
    const known = read.get(url);
    if (known !== undefined) return known;
    const data = fetch(url, { headers: { 'X-Bkapi-Authorization': credentials } })
      .then((response) => response.json())
      .then((answer) => (answer as { readonly data: WireData }).data);
    read.set(url, data);
    return data;
  };
}

const credentials = '{"bk_app_code":"demo_app","bk_app_secret":"demo_secret","bk_token":"alice"}';

async function assertBytes(answer: unknown, jobs: readonly number[], readJob: ReadJob): Promise<void> {
  const answers = (Array.isArray(answer) ? answer : [answer]) as { readonly data: unknown }[];
  const expected = await Promise.all(jobs.map((job) => readJob(job, !Array.isArray(answer))));
  if (
    !isDeepStrictEqual(
      answers.map(({ data }) => data),
      expected,
    )
  ) {
    throw new Error('The bare proxy passes on something else.');
  }
}
