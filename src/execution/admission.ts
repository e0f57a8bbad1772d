import {
  getVariableValues,
  Kind,
  OperationTypeNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Identification } from '../context/operation-context.ts';
import { JobApiError } from '../domain/errors.ts';
import { toRefusal } from './format-error.ts';

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** Root fields that tell about the service and about no job. */
const openRootFields: ReadonlySet<string> = new Set(['__typename', '__schema', '__type', '_service']);

/**
 * Refuses an operation before it runs: credentials that cannot be right (400), or none where a job is asked for (401).
 * Throws a `GraphQLError` that carries the HTTP status.
 */
export function assertAdmitted(
  identification: Identification,
  operation: OperationDefinitionNode,
  fragments: Fragments,
): void {
  if (identification instanceof JobApiError) throw toRefusal(identification);
  if (identification === null && asksForJobs(operation.selectionSet, fragments)) {
    throw toRefusal(new JobApiError('UNAUTHENTICATED'));
  }
}

/** Refuses a kind of operation that the schema does not have. Throws like `assertAdmitted`. */
export function assertAnswerable(schema: GraphQLSchema, { operation }: OperationDefinitionNode): void {
  if (schema.getRootType(operation)) return;
  throw toRefusal(new JobApiError('BAD_USER_INPUT', `This service answers no ${operation}.`));
}

/**
 * Refuses an operation that is answered many times where one answer is all there can be. What the schema does not have
 * is left for `assertAnswerable`: no stream would help. Throws like `assertAdmitted`.
 */
export function assertAnsweredOnce(schema: GraphQLSchema, { operation }: OperationDefinitionNode): void {
  if (operation !== OperationTypeNode.SUBSCRIPTION || !schema.getSubscriptionType()) return;
  const text =
    'A subscription needs a stream: WebSocket, text/event-stream or multipart/mixed;subscriptionSpec=1.0.';
  throw toRefusal(new JobApiError('BAD_USER_INPUT', text));
}

/**
 * Values of all variables, defaults put in. Refuses those that do not fit with the first fault alone: graphql-js makes
 * an error for each wrong item, and a client may send hundreds of thousands. Throws like `assertAdmitted`.
 */
export function assertVariablesFit(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { coerced, errors = [] } = getVariableValues(schema, variableDefinitions, given, { maxErrors: 1 });
  if (coerced !== undefined) return coerced;
  throw toRefusal(new JobApiError('BAD_USER_INPUT', errors[0]?.message));
}

/** Refuses an operation that costs more than one may, before anything is read. Throws like `assertAdmitted`. */
export function assertAffordable(cost: number, maxCost: number): void {
  if (cost <= maxCost) return;
  const text = `The request costs ${String(cost)}, and one may cost ${String(maxCost)}.`;
  throw toRefusal(new JobApiError('OPERATION_TOO_COMPLEX', text, { price: { cost, maxCost } }));
}

/** Each fragment is looked at once: fragments within fragments can be spread more often than anybody can count. */
function asksForJobs(root: SelectionSetNode, fragments: Fragments): boolean {
  const pending: SelectionSetNode[] = [root];
  const seen = new Set<string>();
  for (let selectionSet = pending.pop(); selectionSet !== undefined; selectionSet = pending.pop()) {
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        if (!openRootFields.has(selection.name.value)) return true;
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        pending.push(selection.selectionSet);
      } else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment !== undefined) pending.push(fragment.selectionSet);
      }
    }
  }
  return false;
}
