import {
  createJobInstance,
  createTabledJobInstance,
  type JobInstanceData,
} from '../../domain/create-job-instance.ts';
import { JobApiError } from '../../domain/errors.ts';
import type { RowMemory } from '../../domain/ip-result-rows.ts';
import type { JobInstance } from '../../domain/job-instance.ts';
import type { LongWork } from '../../event-loop/turns.ts';
import { NotUnderstood } from './byte-scanner.ts';
import { openEnvelope, requestIdIn, toldId, type EnvelopeOptions, type WireResponse } from './envelope.ts';
import { decodeJobInstanceStatus, type AskedStatus } from './job-instance-status.ts';
import { scanStatus } from './scan-status.ts';

/** What an answer was asked for, and what it is read with. */
export interface StatusReading extends AskedStatus {
  readonly envelope: EnvelopeOptions;
  /** What hosts are kept in that are taken from bytes. */
  readonly rowMemory: RowMemory;
  readonly longWork: Pick<LongWork, 'isOver' | 'next'>;
  /** Is told that hosts could not be taken from the bytes of an answer that was fine. Left out where nobody counts. */
  readonly scanGivenUp?: () => void;
}

/**
 * Bytes of an answer beside hosts that are taken from them: ten thousand steps with the longest names take as much. What
 * is in it becomes objects in one piece, and 32 MiB of nothing but braces would be more of them than a process has memory
 * for.
 */
export const mostInOnePiece = 4 * 1024 * 1024;

/** A few hosts are objects sooner than they are taken from bytes. */
const smallBody = 4096;

/**
 * The job of an answer, at once where its hosts are few or not asked for. Hosts are taken from the bytes where these are many and as bk-job
 * sends them, and by the reader that reads everything otherwise, where that is not too much: what that one says counts,
 * and the other says the same or nothing. Throws or rejects with a `JobApiError`.
 */
export function readStatus(
  response: WireResponse,
  reading: StatusReading,
): JobInstance | Promise<JobInstance> {
  const isScanned = reading.hostDetail && response.body.length >= smallBody;
  return isScanned ? readManyHosts(response, reading) : readWholeStatus(response, reading);
}

async function readManyHosts(response: WireResponse, reading: StatusReading): Promise<JobInstance> {
  const scanned = await readStatusByScan(response, reading);
  if (scanned !== null) return scanned;
  const read = readWholeStatus(response, reading);
  reading.scanGivenUp?.();
  return read;
}

/** The same by the reader that reads everything. Throws a `JobApiError`. */
export function readWholeStatus(response: WireResponse, reading: StatusReading): JobInstance {
  return createJobInstance(decode(response, reading));
}

/** The same with hosts taken from the bytes; null where these are for the other reader, failures among them. */
export async function readStatusByScan(
  response: WireResponse,
  reading: StatusReading,
): Promise<JobInstance | null> {
  const { longWork } = reading;
  try {
    const scan = scanStatus(response.body, reading.rowMemory);
    let piece = scan.next();
    for (; piece.done !== true; piece = scan.next()) if (longWork.isOver()) await longWork.next();
    const { rest, hosts } = piece.value;
    return createTabledJobInstance(decode({ ...response, body: rest }, reading), hosts);
  } catch (thrown) {
    if (thrown instanceof NotUnderstood || thrown instanceof JobApiError) return null;
    throw thrown;
  }
}

function decode(response: WireResponse, reading: StatusReading): JobInstanceData {
  if (response.body.length > mostInOnePiece) throw tooMuch(response, reading);
  const { data, requestId } = openEnvelope(response, reading.envelope);
  try {
    return decodeJobInstanceStatus(data, reading);
  } catch (cause) {
    const told = toldId(requestId, reading.envelope);
    throw new JobApiError('UPSTREAM_BAD_RESPONSE', null, { requestId: told, cause });
  }
}

function tooMuch(response: WireResponse, { envelope }: StatusReading): JobApiError {
  const requestId = toldId(requestIdIn(response, envelope), envelope);
  const cause = new Error(`More than ${String(mostInOnePiece)} bytes of the answer are none of hosts.`);
  return new JobApiError('UPSTREAM_BAD_RESPONSE', null, { requestId, cause });
}
