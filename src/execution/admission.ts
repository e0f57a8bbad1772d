import {
  Kind,
  type FragmentDefinitionNode,
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

function asksForJobs(selectionSet: SelectionSetNode, fragments: Fragments): boolean {
  return selectionSet.selections.some((selection) => {
    if (selection.kind === Kind.FIELD) return !openRootFields.has(selection.name.value);
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    return fragment !== undefined && asksForJobs(fragment.selectionSet, fragments);
  });
}
