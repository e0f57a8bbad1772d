import type { GraphQLFieldResolver, GraphQLResolveInfo, GraphQLTypeResolver } from 'graphql';
import type { OperationContext } from '../context/operation-context.ts';
import { JobApiError } from '../domain/errors.ts';
import { parseGlobalId, parseUpstreamId, type GlobalId } from '../domain/identifiers.ts';
import type { JobReference } from '../domain/scope.ts';
import { entityType, loadEntity, type Entity } from './entity-lookup.ts';

/** A reference as a gateway sends it: anything at all, until it has been looked at. */
type Representation = Readonly<Record<string, unknown>>;

/**
 * `_entities`: each reference is found or fails at its own place, and equal jobs are read once.
 * Rejects with BAD_USER_INPUT where there are too many in all such fields of the operation.
 */
export const resolveEntities: GraphQLFieldResolver<
  unknown,
  OperationContext,
  { representations: Representation[] }
> = async (_parent, { representations }, context, info) => {
  context.rowBudget.countReferences(representations);
  // Fields begin together: all are counted before anything is read for one of them.
  await Promise.resolve();
  context.rowBudget.assertReferencesFit();
  context.rowBudget.handOut(representations, info);
  return representations.map((representation) => resolveReference(representation, context, info));
};

/** The concrete type of what `resolveEntities` answered. */
export const resolveEntityType: GraphQLTypeResolver<Entity, OperationContext> = (entity) =>
  entityType(entity);

async function resolveReference(
  representation: Representation,
  context: OperationContext,
  info: GraphQLResolveInfo,
): Promise<Entity> {
  return loadEntity(toGlobalId(representation), context, info);
}

function toGlobalId(representation: Representation): GlobalId {
  const kind = representation['__typename'];
  if (kind !== 'JobInstance' && kind !== 'StepInstance' && kind !== 'StepIpResult') {
    throw new JobApiError('BAD_USER_INPUT', 'The reference is to a type that is not resolved here.');
  }
  const id = representation['id'];
  if (id !== undefined && id !== null) return toOpaqueReference(id, kind);
  if (kind === 'JobInstance') return { kind, job: toNaturalReference(representation) };
  if (kind === 'StepIpResult') throw new JobApiError('BAD_USER_INPUT', 'The reference has no id.');
  return {
    kind,
    job: toNaturalReference(representation),
    stepInstanceId: toUpstreamId(representation, 'stepInstanceId'),
  };
}

function toOpaqueReference(id: unknown, kind: GlobalId['kind']): GlobalId {
  const globalId = typeof id === 'string' ? parseGlobalId(id) : null;
  if (globalId?.kind !== kind)
    throw new JobApiError('BAD_USER_INPUT', `The id of the reference is not one of a ${kind}.`);
  return globalId;
}

/** The natural keys are those of business jobs (schema.md 9). */
function toNaturalReference(representation: Representation): JobReference {
  return {
    scope: { kind: 'biz', id: toUpstreamId(representation, 'bkBizId') },
    jobInstanceId: toUpstreamId(representation, 'jobInstanceId'),
  };
}

/** JSON numbers are taken where a double holds them exactly; a larger one was rounded before it came here. */
function toUpstreamId(representation: Representation, field: string): string {
  const value = representation[field];
  if (typeof value === 'string') return parseUpstreamId(value, field);
  if (typeof value === 'number' && Number.isSafeInteger(value)) return parseUpstreamId(String(value), field);
  throw new JobApiError('BAD_USER_INPUT', `The reference has no ${field}.`);
}
