import {
  createSourceEventStream,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
} from 'graphql';
import type { OperationContext } from '../../context/operation-context.ts';
import { hostCountOf } from '../../domain/create-job-instance.ts';
import type { JobUpdate, JobUpdates } from '../../live/job-following.ts';
import type { OperationPipeline, PreparedOperation } from '../operation-pipeline.ts';
import { toFrame, toFrameInPieces, type Frame } from './frame.ts';
import { createSameness } from './sameness.ts';
import type { StreamSource } from './shared-stream.ts';
import type { KeptByStream } from './stream-memory.ts';

/** What a source works with. */
export interface SubscriptionSourceOptions {
  readonly pipeline: OperationPipeline;
  /** A context that nothing has used: each event gets one. */
  readonly createContext: () => OperationContext;
  readonly kept: KeptByStream;
}

/** Runs a subscription: once for each event, each time with a context of its own. */
export class SubscriptionSource implements StreamSource {
  readonly #options: SubscriptionSourceOptions;
  readonly #prepared: PreparedOperation;
  readonly #asked: Omit<ExecutionArgs, 'rootValue' | 'contextValue'>;
  readonly #same = createSameness();
  #events: JobUpdates | null = null;
  #isOver = false;

  constructor(prepared: PreparedOperation, options: SubscriptionSourceOptions) {
    const { document, operation, givenVariables } = prepared;
    this.#options = options;
    this.#prepared = prepared;
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
    if ('bytes' in begun) return begun;
    const { done, value } = await begun.next();
    if (done === true) return null;
    this.#isOver ||= value.isLast;
    this.#keep(value, null);
    const frame = await this.#answer(value);
    this.#keep(value, frame.bytes);
    return frame;
  }

  hurry(): void {
    this.#events?.hurry();
  }

  stop(): void {
    this.#isOver = true;
    this.#options.kept.end();
    void this.#events?.return?.();
  }

  /** Before its message is made, too: that waits for a turn, beside others. */
  #keep({ job, isLast }: JobUpdate, message: Uint8Array | null): void {
    if (job !== null) this.#options.kept.keep({ job, message, isLast });
  }

  async #begin(): Promise<Frame | JobUpdates> {
    const contextValue = this.#options.createContext();
    const begun = await createSourceEventStream({ ...this.#asked, contextValue });
    if (!(Symbol.asyncIterator in begun)) {
      this.#isOver = true;
      return toFrame(this.#payloadOf(begun), { isLast: true, isKnown: false });
    }
    // It is the resolver's own iterator: graphql-js hands it on as it is.
    const events = begun as JobUpdates;
    this.#events = events;
    // Whoever asked may have left meanwhile.
    if (this.#isOver) void events.return?.();
    return events;
  }

  /** The fast way where it goes (src/execution/fast), and graphql-js with the same context where it does not. */
  async #answer(rootValue: JobUpdate): Promise<Frame> {
    const context = this.#options.createContext();
    // Other streams of the job are told of it in the same turn.
    if (rootValue.job !== null) await context.longWork.takeFor(hostCountOf(rootValue.job));
    const { document, operation, variables } = this.#prepared;
    const asked = { document, operation, variables, context, rootValue };
    const written = await this.#options.pipeline.fast.tryExecute(asked);
    if (written === null) {
      const result = await execute({ ...this.#asked, rootValue, contextValue: context });
      const frame = await toFrameInPieces(this.#payloadOf(result), rootValue, context.longWork);
      return { ...frame, bytes: this.#same.bytesOf(frame.bytes, 'graphql-js') };
    }
    // Without the new line that ends an answer.
    const bytes = this.#same.bytesOf(written.subarray(0, -1), 'fast');
    return { bytes, errors: [], isLast: rootValue.isLast, isKnown: rootValue.isKnown };
  }

  #payloadOf({ data, errors }: ExecutionResult): FormattedExecutionResult {
    const { pipeline } = this.#options;
    return {
      ...(data !== undefined && { data }),
      ...(errors && { errors: errors.map((error) => pipeline.formatError(error.toJSON(), error)) }),
    };
  }
}
