import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { fillIn, range } from '../fill-in.ts';
import type { Load, LoadResult } from './load.ts';

// Load for machines without wrk, from a process of its own. It knows as much of HTTP as the measured servers speak to
// it: answers with a length, on connections that stay.

const headEnd = '\r\n\r\n';

async function run(load: Load): Promise<LoadResult> {
  const times: number[] = [];
  let bytes = 0;
  let failed = 0;
  let { sequence } = load;
  const start = performance.now();
  const end = start + load.seconds * 1000;

  async function keepBusy(): Promise<void> {
    const socket = connect(load.port, '127.0.0.1');
    await once(socket, 'connect');
    while (performance.now() < end) {
      const sent = performance.now();
      socket.write(requestOf(load, sequence++));
      const answer = await readAnswer(socket);
      bytes += answer.bytes;
      if (performance.now() > end) break;
      times.push(performance.now() - sent);
      if (answer.status !== 200) failed++;
    }
    socket.destroy();
  }

  await Promise.all(range(0, load.connections).map(keepBusy));
  times.sort((left, right) => left - right);
  const percentile = (part: number): number => times[Math.floor((times.length - 1) * part)] ?? 0;
  const seconds = (Math.min(performance.now(), end) - start) / 1000;
  return { requests: times.length, seconds, bytes, p50: percentile(0.5), p99: percentile(0.99), failed };
}

function requestOf({ method, path, body, ...load }: Load, sequence: number): string {
  const windows = Math.floor(load.jobs / load.jobsPerRequest);
  const first = load.firstJob + (sequence % windows) * load.jobsPerRequest;
  const jobs = range(first, load.jobsPerRequest);
  const head = `${method} ${fillIn(path, jobs)} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\nX-Bkapi-Authorization: {"bk_token":"user${String(sequence % load.callers)}"}\r\n`;
  if (method === 'GET') return `${head}\r\n`;
  const filled = fillIn(body, jobs);
  return `${head}Content-Type: application/json\r\nContent-Length: ${String(Buffer.byteLength(filled))}${headEnd}${filled}`;
}

/** Reads one answer, and nothing of another: none is asked for before. */
function readAnswer(socket: Socket): Promise<{ readonly status: number; readonly bytes: number }> {
  return new Promise((resolve, reject) => {
    let head = '';
    let size = 0;
    let whole: number | null = null;
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (whole === null) {
        head += chunk.toString('latin1');
        const at = head.indexOf(headEnd);
        if (at === -1) return;
        const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
        if (length === undefined) {
          fail(new Error('An answer tells no length.'));
          return;
        }
        whole = at + headEnd.length + Number(length);
      }
      if (size < whole) return;
      stop();
      resolve({ status: Number(head.slice(9, 12)), bytes: size });
    };
    const fail = (error: Error): void => {
      stop();
      reject(error);
    };
    const onClose = (): void => fail(new Error('The connection was closed.'));
    const stop = (): void => {
      socket.off('data', onData).off('close', onClose).off('error', fail);
    };
    socket.on('data', onData).on('close', onClose).on('error', fail);
  });
}

const [load] = (await once(process, 'message')) as [Load];
process.send?.(await run(load));
