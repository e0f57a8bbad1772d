import type { Socket } from 'node:net';
import type { JobApiErrorCode } from '../../../src/domain/errors.ts';
import type { SimulatorFault } from '../../../src/simulator/index.ts';
import type { RawPlay } from '../../support/raw-upstream.ts';

/** What a fault does where it is met. */
export type FaultKind =
  /** To an answer, on the connection on which it was asked for. */
  | { readonly kind: 'answer'; readonly play: RawPlay }
  /** To every connection, as soon as it stands. */
  | { readonly kind: 'accept'; readonly play: (socket: Socket) => void }
  /** One of those that the embedded bk-job knows. */
  | { readonly kind: 'simulator'; readonly fault: SimulatorFault };

/** A way in which bk-job, or what stands between, can fail. */
export interface UpstreamFault {
  readonly name: string;
  readonly does: FaultKind;
  /** What a client is told; null where it is answered right all the same; `anything` where either will do. */
  readonly code: JobApiErrorCode | null | 'anything';
  /** What else it can be told as well. */
  readonly otherCode?: JobApiErrorCode | null | 'anything';
}

/** Texts that stand in faults, and in no answer to a client. */
export const planted = 'planted 10.0.0.5';

/** Writes bytes a few at a time, for as long as there are any and the connection stands. */
export function drip(socket: Socket, bytes: Buffer, each = 1): void {
  let sent = 0;
  const timer = setInterval(() => {
    if (sent >= bytes.length) clearInterval(timer);
    else socket.write(bytes.subarray(sent, (sent += each)));
  }, 20);
  socket.once('close', () => {
    clearInterval(timer);
  });
}

/** Writes the same bytes for as long as the connection stands and takes them. */
export function flood(socket: Socket, bytes: Buffer): void {
  const write = (): void => {
    while (!socket.destroyed && socket.write(bytes));
  };
  socket.on('drain', write);
  write();
}
