import type { FormattedExecutionResult } from 'graphql';

/** One message of a stream, made once for all who get it. */
export interface Frame {
  readonly payload: FormattedExecutionResult;
  /** The payload as JSON. */
  readonly text: string;
  /** Whether nothing comes after it. */
  readonly isLast: boolean;
  /** Whether its clients said that they have what it tells: it need not be the first thing that they get. */
  readonly isKnown: boolean;
}

/** The messages of one client, the newest first where it is slow. */
export type Frames = AsyncIterableIterator<Frame, undefined>;
