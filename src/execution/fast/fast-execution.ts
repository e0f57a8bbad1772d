import { setImmediate as nextTurn } from 'node:timers/promises';
import { Kind, visit, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { OperationContext } from '../../context/operation-context.ts';
import type { ExecutionObserver } from '../execution-observer.ts';
import { fragmentsByName } from '../fragments.ts';
import { AnswerBuffer, toBytes } from './answer-buffer.ts';
import { ReusedMemory } from '../../memory/reused-memory.ts';
import { fillLongLists } from './host-lists.ts';
import { NotCovered } from './not-covered.ts';
import { makePlan, type Plan } from './plan.ts';
import type { KnownOperation, Run } from './run.ts';
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

/** What is known of an operation that was seen. It goes when its document does. */
interface Sighting {
  readonly known: KnownOperation;
  /** Variables that decide which fields there are. */
  readonly conditions: readonly string[];
  /** By the values of these; null where the fast way does not cover it. */
  readonly plans: Map<string, ReadyPlan | null>;
}

interface ReadyPlan extends Plan {
  /** Size of the last answer without its long lists. */
  size: number;
  /** Size of all of it. */
  wholeSize: number;
}

/** Clients use two or three of the ways in which conditions can be met. */
const maxPlans = 8;

const firstSize = 1024;

/** Sizes of answers differ; what is too much is given back with the answer. */
const maxFirstSize = 256 * 1024;

const worthFinding = 4 * 1024;

/** Apollo Server ends answers with a new line. */
const [head, tail] = [toBytes('{"data":{'), toBytes('}}\n')];

/** Makes the fast way of a schema. */
export function createFastExecution(schema: GraphQLSchema, observer?: FastObserver): FastExecution {
  const sightings = new WeakMap<OperationDefinitionNode, Sighting | null>();
  const writtenAnswers = new WrittenAnswers();

  /** Undefined on first sight; null where the fast way does not cover the operation. */
  function planOf({ document, operation, variables }: FastRequest): ReadyPlan | null | undefined {
    const sighting = sightings.get(operation);
    if (sighting === undefined) {
      sightings.set(operation, null);
      return undefined;
    }
    const seen = sighting ?? createSighting(schema, document, operation);
    if (sighting === null) sightings.set(operation, seen);
    const key = JSON.stringify(seen.conditions.map((name) => variables[name] ?? null));
    const plan = seen.plans.get(key);
    if (plan !== undefined) return plan;
    if (seen.plans.size >= maxPlans) return null;
    const made = tryToPlan(seen.known, variables);
    seen.plans.set(key, made);
    return made;
  }

  return {
    tryExecute: async (request) => {
      const plan = planOf(request);
      if (plan === undefined) return null;
      if (plan === null) {
        observer?.fastPathLeft('operation');
        return null;
      }
      try {
        const bytes = await runPlan(plan, request, writtenAnswers);
        observer?.fastPathTaken();
        return bytes;
      } catch (thrown) {
        observer?.fastPathLeft(thrown instanceof NotCovered ? thrown.reason : 'failure');
        return null;
      }
    },
    sent: (bytes) => {
      writtenAnswers.sent(bytes);
    },
  };
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

function tryToPlan(known: KnownOperation, variables: FastRequest['variables']): ReadyPlan | null {
  try {
    return { ...makePlan(known, variables), size: firstSize, wholeSize: firstSize };
  } catch {
    return null;
  }
}

async function runPlan(
  plan: ReadyPlan,
  request: FastRequest,
  writtenAnswers: WrittenAnswers,
): Promise<Uint8Array> {
  const { context, variables, rootValue } = request;
  const faults: unknown[] = [];
  const run: Run = {
    out: unwritten,
    context: {
      ...context,
      // graphql-js may have to do all of it again, and to report it.
      rowBudget: context.rowBudget.copy(),
      report: (fault) => faults.push(fault),
    },
    variables,
    rootValue,
    longLists: [],
  };
  const values = await Promise.all(startRoots(plan, run));
  if (faults.length > 0) throw new NotCovered('failure', 'A fault of this service is to be reported.');
  const { memory } = writtenAnswers;
  const write = (): Promise<AnswerBuffer> => writeAnswer(plan, run, { values, memory });
  // To look for a short one takes as long as to write it.
  if (plan.wholeSize < worthFinding) return (await write()).written();
  return writtenAnswers.answer({ plan, values, variables }, write);
}

/** What nothing is written into. There is no other until all that is to be written has been read, which may take long. */
const unwritten = new AnswerBuffer(0, new ReusedMemory(0));

async function writeAnswer(
  plan: ReadyPlan,
  run: Run,
  { values, memory }: { readonly values: readonly unknown[]; readonly memory: ReusedMemory },
): Promise<AnswerBuffer> {
  run.out = new AnswerBuffer(plan.size, memory);
  run.out.raw(head);
  for (const [index, { prefix, write }] of plan.roots.entries()) {
    run.out.raw(prefix);
    write(run, values[index]);
  }
  run.out.raw(tail);
  plan.size = Math.min(Math.max(firstSize, run.out.at + (run.out.at >> 2)), maxFirstSize);
  await fillLongLists(run, () => nextTurn());
  plan.wholeSize = run.out.at;
  return run.out;
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
