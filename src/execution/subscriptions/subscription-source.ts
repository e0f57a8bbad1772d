import {
  createSourceEventStream,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
} from 'graphql';
import type { OperationContext } from '../../context/operation-context.ts';
import type { JobUpdate } from '../../live/job-following.ts';
import type { OperationPipeline, PreparedOperation } from '../operation-pipeline.ts';
import type { Frame } from './frame.ts';
import type { StreamSource } from './shared-stream.ts';

/** Runs an operation for one event. */
export type ExecuteEvent = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** What a source works with. */
export interface SubscriptionSourceOptions {
  readonly pipeline: OperationPipeline;
  /** A context that nothing has used: each event gets one. */
  readonly createContext: () => OperationContext;
  readonly executeEvent?: ExecuteEvent | undefined;
}

type Place = Pick<JobUpdate, 'isLast' | 'isKnown'>;
type Events = AsyncIterableIterator<Place, undefined>;

/** Runs a subscription: once for each event, each time with a context of its own. */
export class SubscriptionSource implements StreamSource {
  readonly #options: SubscriptionSourceOptions;
  readonly #asked: Omit<ExecutionArgs, 'rootValue' | 'contextValue'>;
  #events: Events | null = null;
  #isOver = false;

  constructor(
    { document, operation, givenVariables }: PreparedOperation,
    options: SubscriptionSourceOptions,
  ) {
    this.#options = options;
    this.#asked = {
      schema: options.pipeline.schema,
      document,
      operationName: operation.name?.value ?? null,
      variableValues: givenVariables,
    };
  }

  async next(): Promise<Frame | null> {
    if (this.#isOver) return null;
    const begun = this.#events ?? (await this.#begin());
    if ('text' in begun) return begun;
    const { done, value } = await begun.next();
    if (done === true) return null;
    this.#isOver ||= value.isLast;
    const { createContext, executeEvent = execute } = this.#options;
    const result = executeEvent({ ...this.#asked, rootValue: value, contextValue: createContext() });
    return this.#toFrame(await result, value);
  }

  stop(): void {
    this.#isOver = true;
    void this.#events?.return?.();
  }

  async #begin(): Promise<Frame | Events> {
    const contextValue = this.#options.createContext();
    const begun = await createSourceEventStream({ ...this.#asked, contextValue });
    if (!(Symbol.asyncIterator in begun)) {
      this.#isOver = true;
      return this.#toFrame(begun, { isLast: true, isKnown: false });
    }
    // It is the resolver's own iterator: graphql-js hands it on as it is.
    const events = begun as Events;
    this.#events = events;
    // Whoever asked may have left meanwhile.
    if (this.#isOver) void events.return?.();
    return events;
  }

  #toFrame({ data, errors }: ExecutionResult, { isLast, isKnown }: Place): Frame {
    const { pipeline } = this.#options;
    const payload: FormattedExecutionResult = {
      ...(data !== undefined && { data }),
      ...(errors && { errors: errors.map((error) => pipeline.formatError(error.toJSON(), error)) }),
    };
    return { payload, text: JSON.stringify(payload), isLast, isKnown };
  }
}
