import type { FormattedExecutionResult } from 'graphql';
import type { OperationContext } from '../context/operation-context.ts';
import { isLong, jsonInPieces } from '../execution/json-in-pieces.ts';
import { clientLeft } from './request-signal.ts';

/** By which others have their turn while it is written. */
type Work = Pick<OperationContext['longWork'], 'isOver' | 'next'>;

/** The operation that an answer is of. */
type AnsweredOperation = Pick<OperationContext, 'written' | 'signal'> & { readonly longWork: Work };

/** Answers of graphql-js that are so long that they are turned into bytes in pieces. */
export class LongAnswers {
  readonly #operations = new WeakMap<object, AnsweredOperation>();

  /** Remembers where the bytes of an answer belong, where it is long. */
  note(data: object, operation: AnsweredOperation): void {
    if (isLong(data)) this.#operations.set(data, operation);
  }

  /** As Apollo Server has results turned into text; null where it is not one of those, and no text where its bytes are there. */
  stringifyResult(result: FormattedExecutionResult): Promise<string> | null {
    const operation = result.data && this.#operations.get(result.data);
    return operation ? write(result, operation) : null;
  }
}

async function write(result: FormattedExecutionResult, operation: AnsweredOperation): Promise<string> {
  operation.written.bytes = await jsonInPieces(result, untilLeft(operation), '\n');
  return '';
}

/**
 * The work of an operation, which fails once its client has left: that happens while others have their turn. Where only
 * the time is over it goes on, since all that was asked for is there.
 */
function untilLeft({ longWork, signal }: AnsweredOperation): Work {
  return {
    isOver: () => longWork.isOver(),
    next: async () => {
      await longWork.next();
      if (signal.reason === clientLeft) throw clientLeft;
    },
  };
}
