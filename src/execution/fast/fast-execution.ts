import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { OperationContext } from '../../context/operation-context.ts';
import type { ExecutionObserver } from '../execution-observer.ts';
import { NotCovered } from './not-covered.ts';
import type { Plan } from './plan.ts';
import type { Run } from './run.ts';
import { SeenOperations } from './seen-operations.ts';
import { answerBytes, unwritten, type ReadyPlan } from './write-answer.ts';
import { WrittenAnswers } from './written-answers.ts';

/** An operation of a valid document that was admitted. */
export interface FastRequest {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** Coerced, defaults put in. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: OperationContext;
  /** What root fields are read from that have no resolver; left out for queries. */
  readonly rootValue?: unknown;
}

/** Is told how operations were answered that could be made ready: never those that are seen for the first time. */
export type FastObserver = Pick<ExecutionObserver, 'fastPathTaken' | 'fastPathLeft'>;

/** Answers operations without graphql-js executing them. */
export interface FastExecution {
  /**
   * The bytes of the whole answer, `{"data":…}` and a new line, the same that graphql-js would make. Null where it has to: the
   * operation is seen for the first time, is not covered, or ends in an error. Nothing is then spent but time: what was
   * read is remembered by the loader of the context. Never rejects.
   */
  tryExecute(request: FastRequest): Promise<Uint8Array | null>;
  /**
   * Says that bytes it gave have gone out and that nobody will look at them again: others are written in their place.
   * Nobody has to say so.
   */
  sent(bytes: Uint8Array): void;
}

/** Makes the fast way of a schema. */
export function createFastExecution(schema: GraphQLSchema, observer?: FastObserver): FastExecution {
  const seenOperations = new SeenOperations(schema);
  const writtenAnswers = new WrittenAnswers();

  async function tryToRun(plan: ReadyPlan, request: FastRequest): Promise<Uint8Array | null> {
    try {
      let faults = 0;
      // graphql-js may have to do all of it again, and to report it.
      const context = forFirstTry(request.context, () => {
        faults += 1;
      });
      const { variables, rootValue } = request;
      const run: Run = { out: unwritten, context, variables, rootValue, lateValues: [] };
      const started = startRoots(plan, run);
      // To wait for one takes less than to wait for all of one.
      const values = started.length === 1 ? [await started[0]] : await Promise.all(started);
      if (faults > 0) throw new NotCovered('failure', 'A fault of this service is to be reported.');
      const bytes = await answerBytes(plan, run, { values, writtenAnswers });
      // All of it stands in the bytes.
      context.jobInstanceLoader.release();
      request.context.rowBudget.countSpentOf(context.rowBudget);
      observer?.fastPathTaken();
      return bytes;
    } catch (thrown) {
      observer?.fastPathLeft(thrown instanceof NotCovered ? thrown.reason : 'failure');
      return null;
    }
  }

  return {
    tryExecute: (request) => {
      const plan = seenOperations.planOf(request);
      if (plan === undefined) return Promise.resolve(null);
      if (plan !== null) return tryToRun(plan, request);
      observer?.fastPathLeft('operation');
      return Promise.resolve(null);
    },
    sent: (bytes) => {
      writtenAnswers.sent(bytes);
    },
  };
}

/** The same for work that may have to be done a second time: with a budget of its own, and who is told of its faults. */
function forFirstTry(context: OperationContext, report: OperationContext['report']): OperationContext {
  const { identification, signal, trace, jobInstanceLoader, jobFollowing } = context;
  const { lookAhead, rowBudget, written, longWork, webUrl } = context;
  return {
    identification,
    signal,
    trace,
    jobInstanceLoader,
    jobFollowing,
    lookAhead,
    rowBudget: rowBudget.copy(),
    written,
    longWork,
    report,
    webUrl,
  };
}

/** Starts all root fields in the same tick, so that what they need is read together. */
function startRoots({ roots }: Plan, run: Run): readonly unknown[] {
  const started: unknown[] = [];
  try {
    for (const { resolve } of roots) started.push(resolve(run, run.rootValue));
    return started;
  } catch (thrown) {
    // Nobody waits for those that were started; what they read is asked for again by graphql-js.
    Promise.allSettled(started).catch(() => undefined);
    throw thrown;
  }
}
