import type { FormattedExecutionResult } from 'graphql';
import type { OperationContext } from '../context/operation-context.ts';
import { isLong, jsonInPieces } from '../execution/json-in-pieces.ts';

/** An operation that has its answer, and what is to be done when that stands in bytes. */
interface AnsweredOperation {
  readonly context: Pick<OperationContext, 'written'> & {
    readonly longWork: Pick<OperationContext['longWork'], 'isOver' | 'next'>;
  };
  readonly leave: (() => void) | undefined;
}

/** Answers of graphql-js that are so long that they are turned into bytes in pieces. */
export class LongAnswers {
  readonly #operations = new WeakMap<object, AnsweredOperation>();

  /** Whether an answer is long: where its bytes belong is remembered then. */
  note(data: object, operation: AnsweredOperation): boolean {
    if (!isLong(data)) return false;
    this.#operations.set(data, operation);
    return true;
  }

  /** As Apollo Server has results turned into text; null where it is not one of those, and no text where its bytes are there. */
  stringifyResult(result: FormattedExecutionResult): Promise<string> | null {
    const operation = result.data && this.#operations.get(result.data);
    return operation ? write(result, operation) : null;
  }
}

async function write(
  result: FormattedExecutionResult,
  { context: { written, longWork }, leave }: AnsweredOperation,
): Promise<string> {
  try {
    written.bytes = await jsonInPieces(result, longWork, '\n');
    return '';
  } finally {
    leave?.();
  }
}
