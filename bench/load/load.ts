import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { isInstalled, onCore, startProcess } from '../measure/processes.ts';
import { spawn } from 'node:child_process';

/** What is sent, and how. */
export interface Load {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: string;
  /** First job and how many there are; requests take `jobsPerRequest` of them in turn. */
  readonly firstJob: number;
  readonly jobs: number;
  readonly jobsPerRequest: number;
  /** Number of the first request. */
  readonly sequence: number;
  readonly connections: number;
  /** By how many users they are sent, in turn. */
  readonly callers: number;
  readonly seconds: number;
  readonly port: number;
}

/** What came back. */
export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly bytes: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Requests without an answer of 200. */
  readonly failed: number;
}

/** By what load is made on this machine. */
export const loadGenerator: 'wrk' | 'own' = isInstalled('wrk') ? 'wrk' : 'own';

/** Keeps so many connections busy for some seconds: each sends its next request when it has its answer. */
export function makeLoad(load: Load, scratchFile: string): Promise<LoadResult> {
  return loadGenerator === 'wrk' ? runWrk(load, scratchFile) : runOwn(load);
}

async function runWrk(load: Load, scratchFile: string): Promise<LoadResult> {
  await writeFile(scratchFile, `${load.method}\n${load.path}\n${load.body}\n`);
  const { connections, seconds, port, jobs, firstJob, jobsPerRequest, sequence, callers } = load;
  const script = fileURLToPath(new URL('./requests.lua', import.meta.url));
  const [file = '', ...args] = onCore(0, [
    ...['wrk', '-t1', `-c${String(connections)}`, `-d${String(seconds)}s`, '--timeout', '30s'],
    ...['-s', script, `http://127.0.0.1:${String(port)}`, '--', scratchFile],
    ...[jobs, firstJob, jobsPerRequest, sequence, callers].map(String),
  ]);
  const wrk = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  wrk.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(wrk, 'close');
  const [, json] = /^JSON (.*)$/m.exec(text) ?? [];
  if (json === undefined) throw new Error(`wrk said: ${text}`);
  return JSON.parse(json) as LoadResult;
}

async function runOwn(load: Load): Promise<LoadResult> {
  const script = fileURLToPath(new URL('./own-generator.ts', import.meta.url));
  const generator = startProcess(onCore(0, [process.execPath, '--import', 'tsx', script]), { ipc: true });
  try {
    generator.child.send(load);
    const [result] = (await once(generator.child, 'message')) as [LoadResult];
    return result;
  } finally {
    await generator.end();
  }
}
