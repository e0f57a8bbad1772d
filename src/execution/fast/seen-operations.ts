import { Kind, visit, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { fragmentsByName } from '../fragments.ts';
import { makePlan } from './plan.ts';
import type { KnownOperation, Run } from './run.ts';
import { firstSize, type ReadyPlan } from './write-answer.ts';

type Variables = Run['variables'];

/** An operation as it is asked. */
interface AskedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Variables;
}

/** What is known of an operation that was seen. It goes when its document does. */
interface Sighting {
  readonly known: KnownOperation;
  /** Variables that decide which fields there are. */
  readonly conditions: readonly string[];
  /** By the values of these; null where the fast way does not cover it. */
  readonly plans: Map<string, ReadyPlan | null>;
}

/** Clients use two or three of the ways in which conditions can be met. */
const maxPlans = 8;

/** Operations that were asked before, each made ready once. */
export class SeenOperations {
  readonly #schema: GraphQLSchema;
  readonly #sightings = new WeakMap<OperationDefinitionNode, Sighting | null>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** Undefined on first sight; null where the fast way does not cover the operation. */
  planOf({ document, operation, variables }: AskedOperation): ReadyPlan | null | undefined {
    const sighting = this.#sightings.get(operation);
    if (sighting === undefined) {
      this.#sightings.set(operation, null);
      return undefined;
    }
    const seen = sighting ?? createSighting(this.#schema, document, operation);
    if (sighting === null) this.#sightings.set(operation, seen);
    const key = conditionsKey(seen.conditions, variables);
    const plan = seen.plans.get(key);
    if (plan !== undefined) return plan;
    if (seen.plans.size >= maxPlans) return null;
    const made = tryToPlan(seen.known, variables);
    seen.plans.set(key, made);
    return made;
  }
}

function conditionsKey(conditions: Sighting['conditions'], variables: Variables): string {
  return conditions.length === 0 ? '' : JSON.stringify(conditions.map((name) => variables[name] ?? null));
}

function createSighting(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Sighting {
  const conditions = new Set<string>();
  visit(document, {
    Directive: ({ name, arguments: given = [] }) => {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of given) if (value.kind === Kind.VARIABLE) conditions.add(value.name.value);
    },
  });
  const fragments = fragmentsByName(document);
  return { known: { schema, operation, fragments }, conditions: [...conditions], plans: new Map() };
}

function tryToPlan(known: KnownOperation, variables: Variables): ReadyPlan | null {
  try {
    return { ...makePlan(known, variables), size: firstSize, wholeSize: firstSize };
  } catch {
    return null;
  }
}
