import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FollowersOrder, FollowersReport } from './followers.ts';
import type { ServiceOrder, ServiceReport } from './followed-service.ts';

/** A child process that takes orders and reports. */
class Child<Order extends object, Report extends { readonly kind: string }> {
  readonly #process: ChildProcess;
  readonly #reports: Report[] = [];
  #onReport: () => void = () => undefined;

  constructor(file: string, environment: Readonly<Record<string, string>> = {}) {
    this.#process = fork(fileURLToPath(new URL(file, import.meta.url)), [], {
      execArgv: ['--import', 'tsx', '--expose-gc'],
      env: { ...process.env, ...environment },
    });
    this.#process.on('message', (report: Report) => {
      this.#reports.push(report);
      this.#onReport();
    });
  }

  order(order: Order): void {
    this.#process.send(order);
  }

  /** The next report that fits; those before it are dropped. */
  async next<Kind extends Report['kind']>(
    kind: Kind,
    fits: (report: Extract<Report, { readonly kind: Kind }>) => boolean = () => true,
  ): Promise<Extract<Report, { readonly kind: Kind }>> {
    for (;;) {
      for (let report = this.#reports.shift(); report !== undefined; report = this.#reports.shift()) {
        const known = report as Extract<Report, { readonly kind: Kind }>;
        if (report.kind === kind && fits(known)) return known;
      }
      await new Promise<void>((resolve) => {
        this.#onReport = resolve;
      });
    }
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }
}

/** How sockets follow. */
export interface Opening {
  /** So many of the first of them read nothing after their first message. */
  readonly stuck?: number;
  /** Streams on each. */
  readonly streams?: number;
}

/** Those who were opened together. */
export interface OpenedFollowers {
  /** Ends their processes, and with them what their connections still hold. */
  end(): Promise<void>;
}

/** A service with its bk-job in one process, and those who follow in others. */
export interface LiveTrial extends AsyncDisposable {
  readonly service: Child<ServiceOrder, ServiceReport>;
  /** Opens so many sockets that follow the same job, in processes of their own. */
  open(sockets: number, opening?: Opening): Promise<OpenedFollowers>;
  /** What followers whose processes run were told, all together. */
  received(): Promise<Extract<FollowersReport, { readonly kind: 'received' }>>;
  measure(): Promise<Extract<ServiceReport, { readonly kind: 'measured' }>>;
  /** Connections of the service that are open. */
  connections(): Promise<number>;
}

/** Sockets of one client process. */
const socketsPerProcess = 2500;

/** Starts the service of a trial. */
export async function startLiveTrial(environment: Readonly<Record<string, string>> = {}): Promise<LiveTrial> {
  const service = new Child<ServiceOrder, ServiceReport>('followed-service.ts', environment);
  const followers = new Set<Child<FollowersOrder, FollowersReport>>();
  const { url } = await service.next('ready');
  return {
    service,
    open: async (sockets, { stuck = 0, streams = 1 } = {}) => {
      const opened: Child<FollowersOrder, FollowersReport>[] = [];
      for (let left = sockets; left > 0; left -= socketsPerProcess) {
        const child = new Child<FollowersOrder, FollowersReport>('followers.ts');
        const count = Math.min(left, socketsPerProcess);
        const ofThese = opened.length === 0 ? stuck : 0;
        child.order({ kind: 'open', url, sockets: count, streams, stuck: ofThese });
        opened.push(child);
        followers.add(child);
      }
      await Promise.all(opened.map((child) => child.next('opened')));
      return {
        end: async () => {
          for (const child of opened) followers.delete(child);
          await Promise.all(opened.map((child) => child.end()));
        },
      };
    },
    received: async () => {
      for (const child of followers) child.order({ kind: 'report' });
      return merge(await Promise.all([...followers].map((child) => child.next('received'))));
    },
    measure: () => {
      service.order({ kind: 'measure' });
      return service.next('measured');
    },
    connections: async () => {
      service.order({ kind: 'count' });
      return (await service.next('counted')).connections;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([service, ...followers].map((child) => child.end()));
    },
  };
}

type Received = Extract<FollowersReport, { readonly kind: 'received' }>;

function merge(reports: readonly Received[]): Received {
  const events: Record<number, number[]> = {};
  for (const report of reports) {
    for (const [event, moments] of Object.entries(report.events))
      (events[Number(event)] ??= []).push(...moments);
  }
  const sum = (count: (report: Received) => number) => reports.reduce((total, one) => total + count(one), 0);
  return {
    kind: 'received',
    events,
    closedOthers: sum(({ closedOthers }) => closedOthers),
    refused: sum(({ refused }) => refused),
  };
}

/** The part of the values that `share` of them do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
