import fc from 'fast-check';
import {
  execute,
  getOperationAST,
  getVariableValues,
  parse,
  type DocumentNode,
  type ExecutionResult,
} from 'graphql';
import { expect, it } from 'vitest';
import { createOperationContext, type OperationContext } from '../../../../src/context/operation-context.ts';
import { JobApiError, toJobApiError, type JobApiErrorCode } from '../../../../src/domain/errors.ts';
import { createFastExecution } from '../../../../src/execution/fast/fast-execution.ts';
import { createLookAhead } from '../../../../src/execution/look-ahead.ts';
import { createExecutableSchema } from '../../../../src/execution/schema.ts';
import type { JobApi, JobInstanceStatusRead } from '../../../../src/upstream/job-api.ts';
import { readStatusByScan, readWholeStatus } from '../../../../src/upstream/wire/read-status.ts';
import { ReusedMemory } from '../../../../src/memory/reused-memory.ts';
import { arbitraryWireText } from '../../../support/arbitrary-wire-bytes.ts';
import { undisturbed } from '../../../support/long-work.ts';
import { createTestLiveJobs } from '../../../support/live/test-live-jobs.ts';
import { createVirtualClock, type VirtualClock } from '../../../support/live/virtual-clock.ts';
import {
  generateOperation,
  type Choose,
  type GeneratedOperation,
  type OperationSources,
} from '../../../support/operations/generate-operation.ts';
import { referenceRoots, referenceVariables } from '../../../support/operations/reference-sources.ts';
import { waitRoots, waitVariables } from '../../../support/operations/wait-sources.ts';

const schema = createExecutableSchema({ node: true, subscription: true });
const lookAhead = createLookAhead(schema);
const caller = {
  proof: { kind: 'bk_token', value: 'alice' },
  tenantId: null,
  language: null,
  fingerprint: 'alice',
  account: 'alice',
} as const;

/**
 * Jobs 1 to 3 come as random bytes, 2 after a while; 4 fails where hosts are asked for, 5 always, 6 by a fault of the
 * service, and 7 now and then.
 */
const sources: OperationSources = {
  roots: [
    'jobInstance(scope: {bkBizId: 2}, jobInstanceId: 1)',
    'jobInstance(scope: $business, jobInstanceId: "2")',
    'jobInstance(scope: {bkBizSetId: $biz}, jobInstanceId: 3)',
    'jobInstance(scope: {bkBizId: 7}, jobInstanceId: 1)',
    'jobInstance(scope: {bkBizId: 2}, jobInstanceId: 2)',
    'jobInstance(scope: {bkBizId: 2}, jobInstanceId: 4)',
    'jobInstance(scope: {bkBizId: 2}, jobInstanceId: 5)',
    'jobInstance(scope: {bkBizId: 2}, jobInstanceId: 7)',
    'jobInstance(scope: {bkBizId: 2}, jobInstanceId: "x")',
    'stepInstance(scope: {bkTenantSetId: 2}, jobInstanceId: 1, stepInstanceId: 75)',
    'jobInstancesById(scope: {bkBizId: 2}, jobInstanceIds: $jobs)',
    'jobInstancesById(scope: {bkBizId: 2}, jobInstanceIds: [1, 2, "y", 5])',
    'jobInstancesById(scope: {bkBizId: 2}, jobInstanceIds: [6])',
    ...referenceRoots,
    '_service',
    ...waitRoots,
  ],
  variables: {
    ...waitVariables,
    ...referenceVariables,
    business: { declaration: 'ScopeInput!', value: { bkBizId: '2' } },
    biz: { declaration: 'ID!', value: 2 },
    jobs: { declaration: '[ID!]!', value: ['1', '3', '4', '5', '1'] },
  },
};

const permission = {
  systemId: 'bk_job',
  actions: [{ id: 'view', name: 'é"', resources: [] }],
  applyUrl: null,
};

/** How long a job stays as it is. */
const stateTime = 1700;

function createJobApi(bodies: readonly string[], clock: VirtualClock, reads: string[]): JobApi {
  return {
    fetchJobInstanceStatus: async (_caller, job, { hostDetail, signal }) => {
      const id = Number(job.jobInstanceId);
      const state = id - 1 + Math.floor(clock.now() / stateTime);
      reads.push(`${job.scope.kind} ${String(id)} ${String(hostDetail)} ${String(clock.now())}`);
      if (id === 6) throw new TypeError('a fault');
      if (id === 5) throw new JobApiError('PERMISSION_DENIED', 'no\u2028"\ud800', { permission });
      if (id === 7 && state % 2 === 0) throw new JobApiError('UPSTREAM_UNAVAILABLE');
      if (id === 2) await slowness(clock, signal);
      if (id === 4 && hostDetail) throw new JobApiError('UPSTREAM_TIMEOUT');
      const body = new TextEncoder().encode(bodies[state % 3]!.replace('"JOB"', String(id)));
      const response = { status: 200, headers: {}, body };
      const reading = {
        job,
        hostDetail,
        observedAt: 1_700_000_000_000 + clock.now(),
        envelope: { permissionApplyUrl: null },
        rowMemory: new ReusedMemory(0),
        longWork: { isOver: () => false, next: () => Promise.resolve() },
      };
      const scanned = hostDetail ? await readStatusByScan(response, reading) : null;
      return scanned ?? readWholeStatus(response, reading);
    },
  };
}

/** Passes, or is cut short where nobody waits for it any more. */
function slowness(clock: VirtualClock, signal: JobInstanceStatusRead['signal']): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(700, resolve);
    signal?.addEventListener('abort', () => {
      cancel();
      reject(toJobApiError(signal.reason));
    });
  });
}

interface Observed {
  readonly content: string;
  readonly reads: readonly string[];
  readonly reported: number;
  /** What of waits is still there. */
  readonly left: { readonly timers: number; readonly readers: number };
}

const fast = createFastExecution(schema);

/** What an operation meets. */
interface Surroundings {
  readonly bodies: readonly string[];
  /** When its client is gone, or its time is up; null where neither happens. */
  readonly ends: { readonly at: number; readonly code: JobApiErrorCode } | null;
  /** What of that which goes through hosts has to wait for its turn. */
  readonly waits: 'nothing' | 'all' | 'some';
}

/** Long work where others are, too, in turns that do not depend on the time. */
const longWorks: Readonly<Record<Surroundings['waits'], () => OperationContext['longWork']>> = {
  nothing: () => undisturbed,
  all: () => ({ ...undisturbed, isOver: () => true, takeFor: () => Promise.resolve() }),
  some: () => {
    let asked = 0;
    return { ...undisturbed, takeFor: () => ((asked += 1) % 3 === 0 ? null : Promise.resolve()) };
  },
};

const step = 500;

/** That of the longest wait that may be asked for, and time for a first read. */
const longestWait = 60_000;

function prepare({ bodies, ends, waits }: Surroundings) {
  const reads: string[] = [];
  const reported: unknown[] = [];
  const clock = createVirtualClock();
  const jobApi = createJobApi(bodies, clock, reads);
  const { liveJobs } = createTestLiveJobs(jobApi, { clock });
  const request = new AbortController();
  const end = (): void => {
    request.abort(new JobApiError(ends?.code ?? 'UPSTREAM_UNAVAILABLE'));
  };
  const stayToTheEnd = ends === null ? () => undefined : clock.after(ends.at, end);
  const created = createOperationContext(
    {
      jobApi,
      liveJobs,
      lookAhead,
      maxParallelReads: 8,
      jobWebUrl: 'https://job.example.com/"x"',
      report: (fault) => reported.push(fault),
    },
    { identification: caller, signal: request.signal },
  );
  // That of the process has its turns by a clock of its own, beside which the time of a test stands still.
  const context = { ...created, longWork: longWorks[waits]() };
  const observed = (content: object): Observed => ({
    content: JSON.stringify(waits === 'some' ? withErrorsInOrder(content) : content),
    reads: reads.toSorted(),
    reported: reported.length,
    left: { timers: clock.timers, readers: liveJobs.readers },
  });
  const latestAnswer = (ends?.at ?? longestWait) + step;
  return { context, observed, clock, stayToTheEnd, latestAnswer };
}

type Prepared = ReturnType<typeof prepare>;

/** They come in the order in which fields fail. */
function withErrorsInOrder(content: object): object {
  const { errors = [], ...rest } = content as ExecutionResult;
  return { errors: errors.map((error) => JSON.stringify(error)).toSorted(), ...rest };
}

interface Asked {
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Null where graphql-js has to answer. */
async function bytesOf(asked: Asked, context: OperationContext): Promise<Uint8Array | null> {
  const operation = getOperationAST(asked.document)!;
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], asked.variables);
  return fast.tryExecute({ document: asked.document, operation, variables: coerced!, context });
}

async function execution({ document, variables }: Asked, context: OperationContext) {
  return execute({ schema, document, variableValues: variables, contextValue: context });
}

/** The fast way, and graphql-js with what it left behind where that was nothing. */
async function fastAnswer(asked: Asked, context: OperationContext) {
  const bytes = await bytesOf(asked, context);
  if (bytes === null) return { isFast: false, content: await execution(asked, context) };
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  return { isFast: true, content: JSON.parse(text) as object };
}

/** Lets time pass until the answer is there. */
async function inTime<Answer>(
  { clock, stayToTheEnd, latestAnswer }: Prepared,
  answer: Promise<Answer>,
): Promise<Answer> {
  const seen = { answer: false };
  const see = (): void => {
    seen.answer = true;
  };
  answer.then(see, see);
  for (let pass = 0; !seen.answer; pass = step) {
    if (clock.now() > latestAnswer) throw new Error('It is not answered in time.');
    await clock.advance(pass);
  }
  stayToTheEnd();
  return answer;
}

/** Of job 1 as it is first; null where it cannot be read. */
async function presentRevision(bodies: readonly string[]): Promise<string | null> {
  const document = parse('{ jobInstance(scope: {bkBizId: 2}, jobInstanceId: 1) { revision } }');
  const { data } = await execution(
    { document, variables: {} },
    prepare({ bodies, ends: null, waits: 'nothing' }).context,
  );
  return (data?.['jobInstance'] as { readonly revision: string } | null | undefined)?.revision ?? null;
}

const thePresentOne = 'the present one';

const variants = fc.record({
  yes: fc.boolean(),
  no: fc.boolean(),
  noInsteadOfDefault: fc.boolean(),
  until: fc.constantFrom('FINISHED', 'FINISHED_OR_BLOCKED', 'CHANGED'),
  revision: fc.constantFrom(null, 'another one', thePresentOne),
  timeout: fc.constantFrom(0, 1, 499, 1500, 20_000, 50_000, 50_001, -1),
});

/** Made beforehand, since they take longer to make than to answer; a failure shows those that it is about. */
const texts = [60, 1_000, 9_000, 9_000].flatMap((oddMember) =>
  fc.sample(arbitraryWireText('"JOB"', { oddMember }), 100),
);

const bodies = fc.array(fc.constantFrom(...texts), { minLength: 3, maxLength: 3 });
const ends = fc.record({
  at: fc.nat({ max: 6000 }),
  code: fc.constantFrom('UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE'),
});

/** What waits when some does differs from one try to the next, and so does what an end finds done. */
const surroundings: fc.Arbitrary<Surroundings> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      bodies,
      ends: fc.option(ends, { freq: 2 }),
      waits: fc.constantFrom('nothing', 'all'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ bodies, ends: fc.constant(null), waits: fc.constant('some' as const) }),
  },
);

/** One of four operations does nothing but wait, in one way: beside others every wait is left to graphql-js. */
function generate(choose: Choose): GeneratedOperation {
  if (choose(3) > 0) return generateOperation(schema, sources, choose);
  const root = waitRoots[choose(waitRoots.length - 1)]!;
  return generateOperation(schema, { ...sources, roots: [root] }, choose);
}

function waitsBesideOthers({ document }: GeneratedOperation, { data }: ExecutionResult): boolean {
  return document.includes('waitForJobInstance') && Object.keys(data ?? {}).length > 1;
}

/** Each is an operation with up to two sets of variables, asked both ways. A failure tells its seed. */
const runs = 2_000;

it('the fast way answers as graphql-js does, or leaves it to it with nothing read twice', async () => {
  const seen = { fast: 0, hosts: 0, late: 0, waits: 0, openTypes: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.gen(),
      surroundings,
      fc.array(variants, { minLength: 1, maxLength: 2 }),
      async (gen, around, sets) => {
        const operation = generate((max) => gen(fc.nat, { max }));
        const document = parse(operation.document);
        const present = await presentRevision(around.bodies);
        await bytesOf({ document, variables: operation.variables }, prepare(around).context);
        for (const { revision, ...others } of sets) {
          const given = { ...others, revision: revision === thePresentOne ? present : revision };
          const known = Object.entries(given).filter(([name]) => operation.document.includes(`$${name}:`));
          const asked = { document, variables: { ...operation.variables, ...Object.fromEntries(known) } };
          const [one, other] = [prepare(around), prepare(around)];
          const { isFast, content } = await inTime(one, fastAnswer(asked, one.context));
          const expected = await inTime(other, execution(asked, other.context));
          expect(one.observed(content)).toEqual(other.observed(expected));
          expect(one.observed(content).left).toEqual({ timers: 0, readers: 0 });
          if (!isFast) {
            // What ends well is covered, but for waits beside others, and what is reported.
            if (!Object.hasOwn(content, 'errors') && !waitsBesideOthers(operation, expected))
              expect(operation.document).toContain('[6]');
            continue;
          }
          seen.fast += 1;
          if (operation.document.includes('ipResults')) seen.hosts += 1;
          if (operation.document.includes('ipResults') && around.waits !== 'nothing') seen.late += 1;
          if (operation.document.includes('waitForJobInstance')) seen.waits += 1;
          if (/node\(|_entities/.test(operation.document)) seen.openTypes += 1;
        }
      },
    ),
    // What fails is told before the test is stopped, however far it has been made smaller by then.
    { numRuns: runs, interruptAfterTimeLimit: 100_000, markInterruptAsFailure: true },
  );
  expect(seen.fast).toBeGreaterThan(runs / 8);
  expect(seen.hosts).toBeGreaterThan(runs / 40);
  expect(seen.late).toBeGreaterThan(runs / 100);
  expect(seen.waits).toBeGreaterThan(runs / 20);
  expect(seen.openTypes).toBeGreaterThan(runs / 40);
}, 120_000);
