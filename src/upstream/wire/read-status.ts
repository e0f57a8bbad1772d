import {
  createJobInstance,
  createTabledJobInstance,
  type JobInstanceData,
} from '../../domain/create-job-instance.ts';
import { JobApiError } from '../../domain/errors.ts';
import type { RowMemory } from '../../domain/ip-result-rows.ts';
import type { JobInstance } from '../../domain/job-instance.ts';
import { NotUnderstood } from './byte-scanner.ts';
import { openEnvelope, type EnvelopeOptions, type WireResponse } from './envelope.ts';
import { decodeJobInstanceStatus, type AskedStatus } from './job-instance-status.ts';
import { scanStatus } from './scan-status.ts';

/** What an answer was asked for, and what it is read with. */
export interface StatusReading extends AskedStatus {
  readonly envelope: EnvelopeOptions;
  /** What hosts are kept in that are taken from bytes. */
  readonly rowMemory: RowMemory;
  readonly turns: Turns;
  /** Is told that hosts could not be taken from the bytes of an answer that was fine. Left out where nobody counts. */
  readonly scanGivenUp?: () => void;
}

/** By what turns of the event loop are shared with others. */
export interface Turns {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Lets others have their turn; comes back soon. */
  readonly pause: () => Promise<void>;
}

/** A few hosts are objects sooner than they are taken from bytes. */
const smallBody = 4096;

/** For how long rows are read before others get their turn, milliseconds: those of 10,000 hosts mostly. */
const longestPiece = 3;

/** After so long others get their turn before what follows. */
const longPiece = 1;

/**
 * The job of an answer, at once where its hosts are few or not asked for. Hosts are taken from the bytes where these are many and as bk-job
 * sends them, and by the reader that reads everything otherwise: what that one says counts, and the other says the same
 * or nothing. Throws or rejects with a `JobApiError`.
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
  const { now, pause } = reading.turns;
  try {
    const scan = scanStatus(response.body, reading.rowMemory);
    let since = now();
    let turn = scan.next();
    for (; turn.done !== true; turn = scan.next()) {
      if (now() - since < longestPiece) continue;
      await pause();
      since = now();
    }
    // What is done next with many hosts takes as long again.
    if (now() - since >= longPiece) await pause();
    const { rest, hosts } = turn.value;
    return createTabledJobInstance(decode({ ...response, body: rest }, reading), hosts);
  } catch (thrown) {
    if (thrown instanceof NotUnderstood || thrown instanceof JobApiError) return null;
    throw thrown;
  }
}

function decode(response: WireResponse, reading: StatusReading): JobInstanceData {
  const { data, requestId } = openEnvelope(response, reading.envelope);
  try {
    return decodeJobInstanceStatus(data, reading);
  } catch (cause) {
    throw new JobApiError('UPSTREAM_BAD_RESPONSE', null, { requestId, cause });
  }
}
