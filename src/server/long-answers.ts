import type { FormattedExecutionResult } from 'graphql';
import type { OperationContext } from '../context/operation-context.ts';
import { isLong, jsonInPieces } from '../execution/json-in-pieces.ts';

type AnsweredOperation = Pick<OperationContext, 'written' | 'longWork'>;

/** Answers of graphql-js that are so long that they are turned into bytes in pieces. */
export class LongAnswers {
  readonly #operations = new WeakMap<object, AnsweredOperation>();

  /** Remembers where the bytes of an answer belong, if it is long. */
  note(data: object, operation: AnsweredOperation): void {
    if (isLong(data)) this.#operations.set(data, operation);
  }

  /** As Apollo Server has results turned into text; null where it is not one of those, and no text where its bytes are there. */
  stringifyResult(result: FormattedExecutionResult): Promise<string> | null {
    const operation = result.data && this.#operations.get(result.data);
    return operation ? write(result, operation) : null;
  }
}

async function write(
  result: FormattedExecutionResult,
  { written, longWork }: AnsweredOperation,
): Promise<string> {
  written.bytes = await jsonInPieces(result, longWork);
  return '';
}
