import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import type { LongWork } from '../../event-loop/turns.ts';
import type { JobUpdate } from '../../live/job-following.ts';
import { isLong, jsonInPieces } from '../json-in-pieces.ts';

/** One message of a stream, made once for all who get it. */
export interface Frame {
  /** The payload as JSON in UTF-8, the same bytes for everybody. */
  readonly bytes: Uint8Array;
  /** Errors that stand in it. */
  readonly errors: readonly GraphQLFormattedError[];
  /** Whether nothing comes after it. */
  readonly isLast: boolean;
  /** Whether its clients said that they have what it tells: it need not be the first thing that they get. */
  readonly isKnown: boolean;
}

/** The messages of one client, the newest first where it is slow. */
export type Frames = AsyncIterableIterator<Frame, undefined>;

/** Where in its stream a message stands. */
export type FramePlace = Pick<JobUpdate, 'isLast' | 'isKnown'>;

const encoder = new TextEncoder();

/** Makes a message of a payload that is not long. */
export function toFrame(payload: FormattedExecutionResult, place: FramePlace): Frame {
  return frameOf(payload, encoder.encode(JSON.stringify(payload)), place);
}

/** The same of any payload. */
export async function toFrameInPieces(
  payload: FormattedExecutionResult,
  place: FramePlace,
  longWork: LongWork,
): Promise<Frame> {
  if (!isLong(payload)) return toFrame(payload, place);
  return frameOf(payload, await jsonInPieces(payload, longWork), place);
}

function frameOf(
  { errors = [] }: FormattedExecutionResult,
  bytes: Uint8Array,
  { isLast, isKnown }: FramePlace,
): Frame {
  return { bytes, errors, isLast, isKnown };
}
