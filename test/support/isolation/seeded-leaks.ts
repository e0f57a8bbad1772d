import { createHmac } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OperationContext } from '../../../src/context/operation-context.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { createTabledJobInstance } from '../../../src/domain/create-job-instance.ts';
import type { IpResultCells } from '../../../src/domain/ip-result-cells.ts';
import type { JobInstance } from '../../../src/domain/job-instance.ts';
import type { Identity } from '../../../src/identity/identity.ts';
import type { JobApi } from '../../../src/upstream/job-api.ts';
import type { CanaryAnswer } from './canary-upstream.ts';
import type { Spoil } from './service-parts.ts';

/** The key of reads under way, of whatever somebody took for enough. */
function withFingerprints(fingerprintOf: (caller: Caller) => string): Spoil {
  return (parts) => ({
    ...parts,
    identity: {
      identify: (request) => {
        const caller = parts.identity.identify(request);
        return caller === null ? null : { ...caller, fingerprint: fingerprintOf(caller) };
      },
    },
  });
}

function digest(...members: readonly (string | null)[]): string {
  return createHmac('sha256', 'a key').update(JSON.stringify(members)).digest('base64url');
}

/** A part that is made once for all who ask for the same. */
function remembered<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const earlier = known.get(key);
  if (earlier !== undefined) return earlier;
  const value = make();
  known.set(key, value);
  return value;
}

function withContexts(
  change: (
    context: OperationContext,
    document: string,
    known: Map<string, OperationContext>,
  ) => OperationContext,
): Spoil {
  return (parts) => {
    const known = new Map<string, OperationContext>();
    return {
      ...parts,
      context: (options, request) => change(parts.context(options, request), request.document, known),
    };
  };
}

const identityLeftOut: Spoil = (parts) => ({
  ...parts,
  jobApi: (jobApi) => ({
    fetchJobInstanceStatus: (caller, job, read) =>
      jobApi.fetchJobInstanceStatus({ ...caller, fingerprint: 'anybody' }, job, read),
  }),
});

/** What is kept with a caller's object, as the headers of his reads are, is that of the one before. */
const oneObjectForCallers: Spoil = (parts) => ({
  ...parts,
  jobApi: (jobApi) => {
    const shared: Partial<Caller> = {};
    return {
      fetchJobInstanceStatus: (caller, ...read) =>
        jobApi.fetchJobInstanceStatus(Object.assign(shared, caller), ...read),
    };
  },
});

/** What a job says of its hosts is looked at when the next one is read, into the same memory. */
const hostsAfterTheirTime: Spoil = (parts) => {
  let nextIsRead: (job: JobInstance) => void = () => undefined;
  return {
    ...parts,
    jobApi: (jobApi) => ({
      fetchJobInstanceStatus: async (...read) => {
        const job = await jobApi.fetchJobInstanceStatus(...read);
        nextIsRead(job);
        const next = new Promise<JobInstance>((resolve) => (nextIsRead = resolve));
        const inMemory = await Promise.race([next, someTurns().then(() => job)]);
        return withHostsIn(inMemory, job);
      },
    }),
  };
};

async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
}

/** A job whose hosts are what stands where those of another are, if they are as many. */
function withHostsIn(other: JobInstance, job: JobInstance): JobInstance {
  const { table } = job.steps[0]!.ipResults;
  const { numbers, spans, bytes, rowCount } = other.steps[0]!.ipResults.table;
  return rowCount === table.rowCount ? withHostsUncounted(job, { numbers, spans, bytes }) : job;
}

/** The same job, of which the memory of its hosts knows nothing. */
export function withHostsUncounted(
  job: JobInstance,
  { numbers, spans, bytes }: IpResultCells = job.steps[0]!.ipResults.table,
): JobInstance {
  const counts = job.steps.map(({ ipResults }) => ipResults.length);
  const steps = job.steps.map((step) => ({ ...step, ipResults: [] }));
  const hostDetailRead = job.hostDetail.kind === 'read';
  return createTabledJobInstance({ ...job, steps, hostDetailRead }, { numbers, spans, bytes, counts });
}

/** Callers who are told apart by nothing, and who they are: so that no other key lacks them, too. */
function createNobodies() {
  const known = new WeakMap<Caller, Caller>();
  return {
    disguise: (caller: Caller): Caller => {
      const nobody = { ...caller, fingerprint: 'anybody' };
      known.set(nobody, caller);
      return nobody;
    },
    whoIs: (caller: Caller): Caller => known.get(caller) ?? caller,
  };
}

const identityLeftOutOfReaders: Spoil = (parts) => ({
  ...parts,
  liveJobs: (jobApi) => {
    const { disguise, whoIs } = createNobodies();
    const liveJobs = parts.liveJobs({
      fetchJobInstanceStatus: (caller, ...read) => jobApi.fetchJobInstanceStatus(whoIs(caller), ...read),
    });
    return { ...liveJobs, follow: (caller, ...followed) => liveJobs.follow(disguise(caller), ...followed) };
  },
});

const identityLeftOutOfRuns: Spoil = (parts) => ({
  ...parts,
  subscriptions: (options) => {
    const { disguise, whoIs } = createNobodies();
    const subscriptions = parts.subscriptions({
      ...options,
      createContext: (caller) => options.createContext(whoIs(caller)),
    });
    return {
      ...subscriptions,
      open: ({ caller, ...asked }) => subscriptions.open({ ...asked, caller: disguise(caller) }),
    };
  },
});

/** What DataLoader's own page warns of: a loader that outlives its request answers the next one, too. */
const sharedLoader = withContexts((context, _document, known) => {
  const { jobInstanceLoader } = remembered(known, 'loader', () => context);
  return { ...context, jobInstanceLoader };
});

const contextOfDocument = withContexts((context, document, known) =>
  remembered(known, document, () => context),
);

/** The context of the operation before is taken for this one, now and then. */
const contextOfLastOperation = withContexts((context, _document, known) => {
  const last = known.get('last') ?? context;
  known.set('last', context);
  return last;
});

const rememberedAnswers: Spoil = (parts) => {
  const known = new Map<string, string>();
  return {
    ...parts,
    around: async (request, run) => {
      const key = JSON.stringify([request.document, request.variables]);
      const answer = known.get(key) ?? (await run());
      known.set(key, answer);
      return answer;
    },
  };
};

/** As before, but the key names the caller: nobody sees another's answer, and rights that ended go on. */
const answersKeptForTheirCaller: Spoil = (parts) => {
  const known = new Map<string, string>();
  return {
    ...parts,
    around: async (request, run) => {
      const key = JSON.stringify([request.persona, request.document, request.variables]);
      const answer = known.get(key) ?? (await run());
      known.set(key, answer);
      return answer;
    },
  };
};

/** Has failed calls answered with the failure of the last one, whoever's it was. */
function rememberingFailures(jobApi: JobApi): JobApi {
  const known = new Map<string, unknown>();
  return {
    fetchJobInstanceStatus: async (caller, job, read) => {
      if (known.has(job.jobInstanceId)) throw known.get(job.jobInstanceId);
      try {
        return await jobApi.fetchJobInstanceStatus(caller, job, read);
      } catch (error) {
        known.set(job.jobInstanceId, error);
        throw error;
      }
    },
  };
}

/** Headers of requests are written into one object, which is read when the socket is free. */
const sharedHeaders: Spoil = (parts) => ({
  ...parts,
  transport: (calls) => {
    const transport = parts.transport(calls);
    const headers: Record<string, string> = {};
    return {
      ...transport,
      send: (request, ...others) => {
        Object.assign(headers, request.headers);
        queueMicrotask(() => {
          transport.send({ ...request, headers: { ...headers } }, ...others);
        });
      },
    };
  },
});

/** Headers of the request before stay where this one has none of that name. */
const stickyHeaders: Spoil = (parts) => ({
  ...parts,
  transport: (calls) => {
    const transport = parts.transport(calls);
    let last: Readonly<Record<string, string>> = {};
    return {
      ...transport,
      send: (request, ...others) => {
        last = { ...last, ...request.headers };
        transport.send({ ...request, headers: last }, ...others);
      },
    };
  },
});

/** Answers are given to who has waited longest, not to whose they are, as on a connection that got out of step. */
const answersOutOfStep: Spoil = (parts) => ({
  ...parts,
  transport: (calls) => {
    const waiting: ((answer: CanaryAnswer) => void)[] = [];
    return parts.transport({
      ...calls,
      hold: (request) =>
        new Promise((resolve, reject) => {
          waiting.push(resolve);
          calls.hold(request).then((answer) => waiting.shift()?.(answer), reject);
        }),
    });
  },
});

/** The sign-in of whoever came first is taken for that of all who came by the same way: here, by cookie. */
const firstCookie: Spoil = (parts) => {
  const known = new Map<string, ReturnType<Identity['identify']>>();
  return {
    ...parts,
    identity: {
      identify: (request) =>
        request.rawHeaders.includes('cookie')
          ? remembered(known, 'cookie', () => parts.identity.identify(request))
          : parts.identity.identify(request),
    },
  };
};

/** Guards by name, each with what takes it away. The harness must notice every one. */
export const seededLeaks: Readonly<Record<string, Spoil>> = {
  'the caller is left out of the key of joined reads': identityLeftOut,
  'the tenant is left out of fingerprints': withFingerprints(({ proof, language }) =>
    digest(proof.kind, proof.value, language),
  ),
  'the language is left out of fingerprints': withFingerprints(({ proof, tenantId }) =>
    digest(proof.kind, proof.value, tenantId),
  ),
  'the kind of proof is left out of fingerprints': withFingerprints(({ proof, tenantId, language }) =>
    digest(proof.value, tenantId, language),
  ),
  'the proof is left out of fingerprints': withFingerprints(({ proof, tenantId, language }) =>
    digest(proof.kind, tenantId, language),
  ),
  'fingerprints take tenants of any case for one': withFingerprints(({ proof, tenantId, language }) =>
    digest(proof.kind, proof.value, tenantId?.toLowerCase() ?? null, language),
  ),
  'fingerprints take nothing for the word null': withFingerprints(({ proof, tenantId, language }) =>
    digest(proof.kind, proof.value, String(tenantId), String(language)),
  ),
  'fingerprints join their parts with nothing': withFingerprints(joinedBy('')),
  'fingerprints join their parts with a dash': withFingerprints(joinedBy('-')),
  'fingerprints join their parts with an underscore': withFingerprints(joinedBy('_')),
  'memory of hosts is used for others too early': hostsAfterTheirTime,
  'a loader is shared by operations': sharedLoader,
  'a document is kept with its first context': contextOfDocument,
  'a context is used for the next operation': contextOfLastOperation,
  'answers are kept by what was asked': rememberedAnswers,
  'answers are kept for their callers': answersKeptForTheirCaller,
  'failures are kept by job': (parts) => ({
    ...parts,
    jobApi: rememberingFailures,
  }),
  'one object stands for every caller in turn': oneObjectForCallers,
  'headers of requests share an object': sharedHeaders,
  'headers stay from request to request': stickyHeaders,
  'answers go to who has waited longest': answersOutOfStep,
  'the first cookie signs in all': firstCookie,
};

/** Guards of those who follow jobs, and of nobody else. */
export const seededLeaksOfFollowers: Readonly<Record<string, Spoil>> = {
  'the caller is left out of the key of readers': identityLeftOutOfReaders,
  'the caller is left out of the key of runs': identityLeftOutOfRuns,
};

function joinedBy(joint: string): (caller: Caller) => string {
  return ({ proof, tenantId, language }) =>
    [proof.kind, proof.value, tenantId, language].filter((part) => part !== null).join(joint);
}
