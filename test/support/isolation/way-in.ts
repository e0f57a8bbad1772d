import type { IsolationOperation } from './operations.ts';
import type { Persona } from './personas.ts';

/** Reads that what was read before could answer, and those that it did. */
export interface CacheLookups {
  readonly all: number;
  readonly found: number;
}

/** A request of a trial. */
export interface IsolationRequest extends IsolationOperation {
  readonly persona: Persona;
  readonly signIn: 'header' | 'cookie';
  /** Aborted where the caller leaves before it has its answer. */
  readonly signal: AbortSignal;
}

/** A way into the service: to have another one tried, make one of these. */
export interface WayIn extends AsyncDisposable {
  /**
   * Whether answers of bk-job are on their way for a while: a read that was answered, and has not come back, may still be
   * joined by whoever asks then.
   */
  readonly inTransit: boolean;
  /** The complete answer as one text: status, headers, body. Rejects where the caller left. */
  ask(request: IsolationRequest): Promise<string>;
  /** How many answers it has written from the bytes of bk-job, graphql-js executing nothing. */
  answeredFast(): number;
  /** Whether what was read is kept, and told again. */
  readonly keepsReads: boolean;
  /** Which answers that bk-job gave before, by number, a caller who asks now may be told; none where nothing is kept. */
  mayTellAgain(persona: Persona): (number: number) => boolean;
  /** How often it has looked for what was read before. */
  cacheLookups(): CacheLookups;
  /** Whether nobody follows a job any more: over sockets it is noticed a while later that somebody has left. */
  isQuiet(): boolean;
  /** All that the service has written elsewhere since this was last asked: faults, logs, metrics. */
  output(): string;
}
