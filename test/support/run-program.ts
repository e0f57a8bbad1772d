import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { assertNoSecretIn } from './secrets/sent-secrets.ts';

/** How the built program is run. */
export interface ProgramOptions {
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Options of Node itself. */
  readonly nodeArgs?: readonly string[];
  /** How many files it may have open (`ulimit -n`); as many as this process where left out. */
  readonly openFiles?: number;
  /** An open file that takes its stderr, of which nothing is known here then. */
  readonly stderr?: number;
}

/** What a program is told; with SIGSTOP it stands still until SIGCONT. */
type ProgramSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGUSR2' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT';

/** How it ended: with an exit code, or by a signal that it did not handle. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A program that runs. Whoever disposes of it kills it, unless it has ended; that fails where it has written credentials
 * anywhere.
 */
export interface RunningProgram extends AsyncDisposable {
  readonly pid: number;
  /** Resolves with the end. */
  readonly ended: Promise<ProgramEnd>;
  /** Resolves with what it has written to stdout as soon as that matches. Rejects where it ends before. */
  written(pattern: RegExp): Promise<string>;
  signal(name: ProgramSignal): void;
  /** Takes nothing more from its stdout, as `head` does. */
  stopReading(): void;
}

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs the built program with this environment and nothing else of ours. `npm test` has built it by then. */
export function runProgram(options: ProgramOptions = {}): RunningProgram {
  const { nodeArgs = [], args = [], openFiles } = options;
  const command = [...nodeArgs, main, ...args];
  if (openFiles === undefined) return run(process.execPath, { ...options, args: command });
  const limited = ['-c', 'ulimit -n "$0" && exec "$@"', String(openFiles), process.execPath];
  return run('sh', { ...options, args: [...limited, ...command] });
}

/** Runs a file of `examples/` as it stands there: a module, or a script of the shell. */
export function runExample(path: string, options: ProgramOptions = {}): RunningProgram {
  const file = `examples/${path}`;
  const args = options.args ?? [];
  if (file.endsWith('.sh')) return run('sh', { ...options, args: [file, ...args] });
  return run(process.execPath, { ...options, args: ['--import', 'tsx', file, ...args] });
}

function run(program: string, { args = [], environment = {}, stderr: file }: ProgramOptions): RunningProgram {
  const child = spawn(program, args, {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', file ?? 'pipe'],
  });
  const { stdout: output } = child;
  if (output === null) throw new Error('Its stdout is a pipe.');
  let stdout = '';
  let stderr = '';
  output.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<ProgramEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
  const matches = async (pattern: RegExp): Promise<string> => {
    while (!pattern.test(stdout)) await once(output, 'data');
    return stdout;
  };
  return {
    pid: child.pid ?? 0,
    ended,
    written: (pattern) =>
      Promise.race([
        matches(pattern),
        ended.then((end) => {
          throw new Error(`It ended before: ${JSON.stringify(end)}`);
        }),
      ]),
    signal: (name) => {
      child.kill(name);
    },
    stopReading: () => {
      output.destroy();
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
      const secret = environment['BKJOB_GQL__UPSTREAM__APP_SECRET'];
      // The line to paste signs in as the user of the demonstration, which is no secret.
      assertNoSecretIn(
        { stdout: stdout.replaceAll(/^ *curl .*$/gm, ''), stderr },
        secret === undefined ? [] : [secret],
      );
    },
  };
}

/** Where the program says that it listens. */
export interface Addresses {
  readonly graphqlUrl: string;
  /** The embedded bk-job; empty where there is none. */
  readonly simulatorUrl: string;
  /** Empty where metrics are not read. */
  readonly metricsUrl: string;
}

/** Waits for the last of the start-up lines and reads the addresses from them. */
export async function addressesOf(program: RunningProgram): Promise<Addresses> {
  const text = await program.written(/curl .*\n/);
  return {
    graphqlUrl: /listens on (\S+),/.exec(text)?.[1] ?? '',
    simulatorUrl: /embedded bk-job at (\S+) /.exec(text)?.[1] ?? '',
    metricsUrl: /Metrics: (\S+)/.exec(text)?.[1] ?? '',
  };
}
