import type {
  GraphQLRequestContextDidResolveOperation,
  GraphQLRequestContextResponseForOperation,
  GraphQLRequestContextWillSendResponse,
  GraphQLRequestListener,
  GraphQLResponse,
  HeaderMap,
} from '@apollo/server';
import { GraphQLError, type OperationDefinitionNode } from 'graphql';
import type { OperationContext } from '../context/operation-context.ts';
import { toJobApiError } from '../domain/errors.ts';
import { assertAnsweredOnce } from '../execution/admission.ts';
import type { FastRequest } from '../execution/fast/fast-execution.ts';
import { refusalHeaders, toRefusal } from '../execution/format-error.ts';
import type { OperationClass } from '../execution/operation-class.ts';
import type { OperationPipeline } from '../execution/operation-pipeline.ts';
import type { Admission } from './admission/admission.ts';
import { isWritten, type FastAnswers } from './fast-answers.ts';
import { accountOf } from './identification.ts';
import { letGoOfBody } from './let-go-of-body.ts';
import type { LongAnswers } from './long-answers.ts';
import type { PlacesOfErrors } from './places-of-errors.ts';
import type { UntakenAnswers } from './untaken-answers.ts';

/** What listens to the operations of a server. */
export interface OperationParts {
  readonly pipeline: OperationPipeline;
  /** Left out where as much may run as is asked for. */
  readonly admission?: Admission | undefined;
  readonly fastAnswers: Pick<FastAnswers, 'answer'>;
  readonly longAnswers: Pick<LongAnswers, 'note'>;
  /** Left out where no document is rewritten. */
  readonly places?: Pick<PlacesOfErrors, 'moved'> | undefined;
  /** Left out where as much may wait for a caller as is asked for. */
  readonly untaken?: Pick<UntakenAnswers, 'assertNotBehind'> | undefined;
}

/**
 * What is done with every operation, by one plugin, since each costs every request some turns of the queue: lets it in
 * when it is valid and known, has it answered the fast way where there is one, puts its errors where the client finds
 * them, and tells what became of it. One is made for each.
 */
export class OperationListener implements GraphQLRequestListener<OperationContext> {
  readonly #parts: OperationParts;
  #variables: FastRequest['variables'] = {};

  constructor(parts: OperationParts) {
    this.#parts = parts;
  }

  async didResolveOperation(
    asked: GraphQLRequestContextDidResolveOperation<OperationContext>,
  ): Promise<void> {
    const { operation, response, schema } = asked;
    if (!isResolved(operation)) return;
    const { identification, signal, written, trace } = asked.contextValue;
    trace?.resolved({ kind: operation.operation, name: operation.name?.value ?? null });
    try {
      assertAnsweredOnce(schema, operation);
      const operationClass = this.#admit(asked, operation);
      const account = accountOf(identification);
      if (operationClass !== 'plain') this.#parts.untaken?.assertNotBehind(account);
      const leave = await this.#parts.admission?.enter({ account, operationClass, signal });
      if (leave === undefined) return;
      written.place = { leave };
      signal.addEventListener('abort', leave, { once: true });
    } catch (thrown) {
      written.charge?.cancel();
      throw toRefusalWithHeaders(thrown, response.http.headers);
    }
  }

  /** By itself: what an async function has at hand, it holds while it waits. */
  #admit(
    {
      document,
      request,
      contextValue: { identification, written },
    }: GraphQLRequestContextDidResolveOperation<OperationContext>,
    operation: OperationDefinitionNode,
  ): OperationClass {
    const { pipeline } = this.#parts;
    const given = request.variables ?? {};
    const { variables, charge } = pipeline.admit({ document, operation, variables: given, identification });
    this.#variables = variables;
    written.charge = charge;
    letGoOfBody(request, operation);
    return pipeline.classOf({ document, operation, variables });
  }

  responseForOperation({
    contextValue: context,
    document,
    operation,
  }: GraphQLRequestContextResponseForOperation<OperationContext>): Promise<GraphQLResponse | null> {
    if (!isResolved(operation)) return Promise.resolve(null);
    return this.#parts.fastAnswers.answer({ document, operation, variables: this.#variables, context });
  }

  willSendResponse({
    contextValue: context,
    request: { http },
    response: { body, http: head },
  }: GraphQLRequestContextWillSendResponse<OperationContext>): Promise<void> {
    Object.assign(head, placeForBody);
    const result = body.kind === 'single' ? body.singleResult : null;
    const errors = result?.errors ?? [];
    if (result?.errors !== undefined) {
      result.errors = this.#parts.places?.moved(http, errors) ?? errors;
    }
    if (result?.data && !isWritten(result.data)) this.#parts.longAnswers.note(result.data, context);
    context.trace?.answered(errors);
    return told;
  }
}

const told = Promise.resolve();

/**
 * Apollo Server spreads the head of a response and adds its body. What has a member added so gets a shape of its own
 * each time (V8 of Node 20), which takes a hundredth of a small request, and leaves a shape among what is kept for long.
 */
const placeForBody = { body: null };

/** Apollo Server asks also where it is open which operation is meant, though its types say otherwise. */
function isResolved(operation: OperationDefinitionNode | undefined): operation is OperationDefinitionNode {
  return operation !== undefined;
}

function toRefusalWithHeaders(thrown: unknown, headers: HeaderMap): GraphQLError {
  const refusal = thrown instanceof GraphQLError ? thrown : toRefusal(toJobApiError(thrown));
  for (const [name, value] of Object.entries(refusalHeaders(toJobApiError(refusal.originalError)))) {
    headers.set(name, value);
  }
  return refusal;
}
