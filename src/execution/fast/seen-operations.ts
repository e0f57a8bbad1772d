import { Kind, visit, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { fragmentsByName } from '../fragments.ts';
import { weighDocument } from '../document-store.ts';
import { KeptPlans, type KeptPlan } from './kept-plans.ts';
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

/** What is known of an operation that was seen. It goes when its document and all of its plans do. */
interface Sighting {
  readonly known: KnownOperation;
  /** What a plan keeps alive beside itself. */
  readonly documentBytes: number;
  /** Variables that decide which fields there are. */
  readonly conditions: readonly string[];
  /** By the values of these; null where the fast way does not cover it. */
  readonly plans: Map<string, KeptPlan | null>;
}

/** Clients use two or three of the ways in which conditions can be met. */
const maxPlans = 8;

/** Some three hundred operations of sixty fields. */
const maxBytesOfPlans = 64 * 1024 ** 2;

/** Operations that were asked before, each made ready once. */
export class SeenOperations {
  readonly #schema: GraphQLSchema;
  readonly #sightings = new WeakMap<OperationDefinitionNode, Sighting | null>();
  readonly #keptPlans = new KeptPlans(maxBytesOfPlans);

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
    const kept = seen.plans.get(key);
    if (kept === null) return null;
    if (kept === undefined) return seen.plans.size >= maxPlans ? null : this.#plan(seen, key, variables);
    kept.isUsed = true;
    return kept.plan;
  }

  #plan({ known, documentBytes, plans }: Sighting, key: string, variables: Variables): ReadyPlan | null {
    const plan = tryToPlan(known, variables);
    if (plan === null) {
      plans.set(key, null);
      return null;
    }
    const forget = (): void => {
      plans.delete(key);
    };
    plans.set(key, this.#keptPlans.keep(plan, plan.bytes + documentBytes, forget));
    return plan;
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
  return {
    known: { schema, operation, fragments },
    documentBytes: weighDocument(document),
    conditions: [...conditions],
    plans: new Map(),
  };
}

function tryToPlan(known: KnownOperation, variables: Variables): ReadyPlan | null {
  try {
    return { ...makePlan(known, variables), size: firstSize, wholeSize: firstSize };
  } catch {
    return null;
  }
}
