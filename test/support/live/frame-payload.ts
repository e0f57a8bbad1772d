import type { FormattedExecutionResult } from 'graphql';
import type { Frame } from '../../../src/execution/subscriptions/frame.ts';

/** What a message says. */
export function payloadOf({ bytes }: Pick<Frame, 'bytes'>): FormattedExecutionResult {
  return JSON.parse(Buffer.from(bytes).toString()) as FormattedExecutionResult;
}
