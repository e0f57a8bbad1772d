import type { SimulatedJob, SimulatedScope } from './job-model.ts';

/** What a user may do. An operator of a job sees it without view_history (upstream contract 6.2). */
export interface SimulatedUser {
  /** Scopes that the user may enter, as `biz:2`; `all` for every scope. */
  readonly accessBusiness: readonly string[] | 'all';
  /** Scopes whose jobs of others the user may see. */
  readonly viewHistory: readonly string[] | 'all';
}

/** An application that calls bk-job. */
export interface SimulatedApp {
  readonly secret: string;
  /** Whether it has been granted the call. */
  readonly granted: boolean;
}

/** A job, or one that moves: what it is at a moment. Scope and number of a moving one stay the same. */
export type SimulatedJobSource = SimulatedJob | ((now: number) => SimulatedJob);

/** What the embedded bk-job holds. Changes take effect with the next request. */
export interface SimulatedWorld {
  /**
   * Adds a job, in place of one with the same scope and number. Its scope becomes known. Throws where an id is not made
   * of digits, since ids are sent as numbers.
   */
  addJob(job: SimulatedJobSource): void;
  removeJob(scope: SimulatedScope, jobInstanceId: string): void;
  /** Every job as it is now. */
  jobs(): readonly SimulatedJob[];
  findJob(scope: SimulatedScope, jobInstanceId: string): SimulatedJob | null;
  /** Lets a user sign in, with a token that is the user's name. */
  setUser(name: string, user: SimulatedUser): void;
  removeUser(name: string): void;
  findUser(name: string): SimulatedUser | null;
  setApp(code: string, app: SimulatedApp): void;
  findApp(code: string): SimulatedApp | null;
  /** Makes a scope known, by the name that denials show. */
  setScope(scope: SimulatedScope, name: string): void;
  /** Name of a scope; null where there is none. */
  scopeName(scope: SimulatedScope): string | null;
}

/** An empty world on a clock. */
export function createWorld(now: () => number): SimulatedWorld {
  const jobs = new Map<string, SimulatedJobSource>();
  const users = new Map<string, SimulatedUser>();
  const apps = new Map<string, SimulatedApp>();
  const scopes = new Map<string, string>();
  const asNow = (job: SimulatedJobSource): SimulatedJob => (typeof job === 'function' ? job(now()) : job);
  return {
    addJob: (source) => {
      const job = asNow(source);
      assertIds(job);
      const { scope, jobInstanceId } = job;
      jobs.set(jobKey(scope, jobInstanceId), source);
      if (!scopes.has(scopeKey(scope))) scopes.set(scopeKey(scope), `demo-${scope.type}`);
    },
    removeJob: (scope, jobInstanceId) => {
      jobs.delete(jobKey(scope, jobInstanceId));
    },
    jobs: () => [...jobs.values()].map(asNow),
    findJob: (scope, jobInstanceId) => {
      const source = jobs.get(jobKey(scope, jobInstanceId));
      return source === undefined ? null : asNow(source);
    },
    setUser: (name, user) => {
      users.set(name, user);
    },
    removeUser: (name) => {
      users.delete(name);
    },
    findUser: (name) => users.get(name) ?? null,
    setApp: (code, app) => {
      apps.set(code, app);
    },
    findApp: (code) => apps.get(code) ?? null,
    setScope: (scope, name) => {
      scopes.set(scopeKey(scope), name);
    },
    scopeName: (scope) => scopes.get(scopeKey(scope)) ?? null,
  };
}

/** A scope in one word. */
export function scopeKey({ type, id }: SimulatedScope): string {
  return `${type}:${id}`;
}

function jobKey(scope: SimulatedScope, jobInstanceId: string): string {
  return `${scopeKey(scope)}:${jobInstanceId}`;
}

function assertIds({ scope, jobInstanceId, bkBizId, steps }: SimulatedJob): void {
  const hosts = steps.flatMap((step) => (typeof step.hosts === 'function' ? [] : (step.hosts ?? [])));
  const ids = [scope.id, jobInstanceId, bkBizId, ...steps.map((step) => step.stepInstanceId)];
  for (const id of [...ids, ...hosts.flatMap(({ bkHostId, bkCloudId }) => [bkHostId, bkCloudId])]) {
    if (typeof id === 'string' && !/^-?\d+$/.test(id)) throw new TypeError(`${id} is no id: ids are digits.`);
  }
}
