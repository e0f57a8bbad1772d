import { setImmediate as turn } from 'node:timers/promises';
import { createExecutableSchema } from '../../../src/execution/schema.ts';
import { createRandom } from '../../../src/simulator/random.ts';
import { byPipeline } from '../isolation/in-process.ts';
import { openWorld } from '../isolation/open-world.ts';
import { createDocumentFuzzer, type FuzzedDocument } from './fuzz-documents.ts';

/** One piece of work that held everything else up. Times are milliseconds. */
export interface Stall {
  readonly kind: FuzzedDocument['kind'];
  readonly text: string;
  readonly wall: number;
  /** What all threads of the process worked in that time: far less than `wall` where the machine was busy elsewhere. */
  readonly worked: number;
  /** Number of the document, from 1. */
  readonly at: number;
}

/** What came of many documents. */
export interface FuzzCount {
  readonly documents: number;
  /** Answers that have data. */
  readonly ran: number;
  /** Documents that were not answered, or with a fault of the service. */
  readonly crashes: readonly string[];
  /** The longest pieces of work, longest first. */
  readonly stalls: readonly Stall[];
}

/** Pieces of work that are shorter are not told. */
const tellFrom = 25;

/** Asks for documents made at random, one after the other, by the pipeline and before a bk-job that answers. */
export async function tryDocuments(documents: number, seed: number): Promise<FuzzCount> {
  await using world = await openWorld(byPipeline('graphql-js'), seed);
  const next = createDocumentFuzzer(
    createExecutableSchema({ node: true, subscription: true }),
    createRandom(seed),
  );
  const [persona] = world.groups[0] ?? [];
  if (persona === undefined) throw new TypeError('Nobody is there to ask.');
  const { signal } = new AbortController();
  const count = { documents: 0, ran: 0, crashes: [] as string[], stalls: [] as Stall[] };

  const watched = async ({ kind, text }: FuzzedDocument, work: () => void): Promise<void> => {
    const before = process.cpuUsage();
    const start = performance.now();
    work();
    await turn();
    const wall = performance.now() - start;
    if (wall < tellFrom) return;
    const { user, system } = process.cpuUsage(before);
    count.stalls.push({ kind, text, wall, worked: (user + system) / 1000, at: count.documents + 1 });
  };

  while (count.documents < documents) {
    const document = next();
    const answers: string[] = [];
    await watched(document, () => {
      const { text, variables } = document;
      world.way.ask({ document: text, variables, persona, signIn: 'header', signal }).then(
        (answer) => answers.push(answer),
        (error: unknown) => answers.push(`INTERNAL_SERVER_ERROR ${String(error)}`),
      );
    });
    while (answers.length === 0) await watched(document, () => world.calls.releaseSome(world.random));
    count.documents += 1;
    noteAnswer(count, document, answers.join('') + world.way.output());
  }
  count.stalls.sort((one, other) => other.worked - one.worked);
  return count;
}

function noteAnswer(
  count: { ran: number; crashes: string[] },
  { text }: FuzzedDocument,
  answer: string,
): void {
  if (answer.startsWith('{"data":{')) count.ran += 1;
  if (answer.includes('INTERNAL_SERVER_ERROR')) count.crashes.push(`${answer.slice(0, 300)} to ${text}`);
}
