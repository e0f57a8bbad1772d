import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import type { AddressInfo } from 'node:net';

/** A process with all that it starts. */
export interface StartedProcess {
  readonly child: ChildProcess;
  /** Whether it has ended. */
  hasEnded(): boolean;
  /** What it has used since it started. */
  usage(): Usage;
  /** Ends it with all that it started. */
  end(): Promise<void>;
}

/** What processes have used. */
export interface Usage {
  /** User and system time of all threads. */
  readonly cpuSeconds: number;
  /** The most memory that was resident at a time. */
  readonly peakMebibytes: number;
}

export interface StartOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether messages are exchanged with it. */
  readonly ipc?: boolean;
  /** File descriptor for what it says; nowhere if left out. */
  readonly output?: number;
}

/** Starts a process as the leader of a group of its own, which ends with this process. */
export function startProcess(command: readonly string[], options: StartOptions = {}): StartedProcess {
  exitOnSignals();
  const [file = '', ...args] = command;
  const output = options.output ?? 'ignore';
  const stdio: StdioOptions = ['ignore', output, output, ...(options.ipc === true ? (['ipc'] as const) : [])];
  const env = { ...process.env, ...options.environment };
  const child = spawn(file, args, { detached: true, stdio, env });
  let ended = false;
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  }).then(() => {
    ended = true;
  });
  const kill = (): void => {
    if (child.pid === undefined || ended) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It was gone already.
    }
  };
  process.once('exit', kill);
  return {
    child,
    hasEnded: () => ended,
    usage: () => usageOfGroup(child.pid ?? -1),
    end: async () => {
      kill();
      process.removeListener('exit', kill);
      await exited;
    },
  };
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function exit(): void {
  process.exit(1);
}

/** By itself a signal ends a process without its listeners of `exit`, and what it has started would go on. */
function exitOnSignals(): void {
  for (const signal of signals) {
    if (!process.listeners(signal).includes(exit)) process.on(signal, exit);
  }
}

const ticksPerSecond = Number(spawnSync('getconf', ['CLK_TCK']).stdout.toString()) || 100;

function usageOfGroup(group: number): Usage {
  let cpuSeconds = 0;
  let peakMebibytes = 0;
  for (const process of readdirSync('/proc')) {
    if (!/^\d+$/.test(process)) continue;
    try {
      const stat = readFileSync(`/proc/${process}/stat`, 'utf8');
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      if (fields[2] !== group) continue;
      // utime, stime and those of children that have ended.
      cpuSeconds += fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) / ticksPerSecond;
      const status = readFileSync(`/proc/${process}/status`, 'utf8');
      peakMebibytes += Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    } catch {
      // It ended while it was looked at.
    }
  }
  return { cpuSeconds, peakMebibytes };
}

/** Whether a program can be started by its name. */
export function isInstalled(program: string): boolean {
  return spawnSync('which', [program]).status === 0;
}

const canPin = availableParallelism() > 1 && isInstalled('taskset');

/** The command on one core, where there are several: what makes load shall not run where load is measured. */
export function onCore(core: number, command: readonly string[]): readonly string[] {
  return canPin ? ['taskset', '-c', String(core), ...command] : command;
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
