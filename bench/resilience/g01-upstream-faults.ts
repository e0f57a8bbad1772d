import fc from 'fast-check';
import { answerOf, rightBody, type RawPlay } from '../../test/support/raw-upstream.ts';
import { meetFaults, type Cell } from '../../test/resilience/upstream-faults/cells.ts';
import type { UpstreamFault } from '../../test/resilience/upstream-faults/fault.ts';
import { groupsOf, rawFaults } from '../../test/resilience/upstream-faults/groups.ts';
import {
  startRawScene,
  startSimulatorScene,
  timeLimit,
  type Scene,
} from '../../test/resilience/upstream-faults/scene.ts';
import { simulatorFaults } from '../../test/resilience/upstream-faults/simulator-faults.ts';
import type { Figure, Trial, TrialSize } from './figure.ts';

/** How many pairs and payloads are tried beside the catalogue. */
const sizes: Readonly<Record<TrialSize, { readonly pairs: number; readonly payloads: number }>> = {
  ci: { pairs: 24, payloads: 480 },
  long: { pairs: 200, payloads: 10_000 },
};

/** G1: every fault of bk-job is met by every root, two faults in a row, and answers that were made up. */
export const trial: Trial = async ({ size, seed }) => {
  const { pairs, payloads } = sizes[size];
  let unhandled = 0;
  const count = (): void => {
    unhandled += 1;
  };
  process.on('unhandledRejection', count);
  const catalogue = [
    ...(await meetAll(rawFaults, startRawScene)),
    ...(await meetAll(simulatorFaults, startSimulatorScene)),
  ];
  const paired = await meetAll(pairsOf(pairs, seed), startRawScene);
  const madeUp = await meetAll(payloadFaults(payloads, seed), startRawScene);
  process.off('unhandledRejection', count);
  return [
    figureOf('faults crossed with roots: right code, nothing told, neighbours unharmed', catalogue),
    figureOf('two faults in a row, in pairs by chance', paired),
    figureOf('answers made up by chance', madeUp),
    timeFigure([...catalogue, ...paired, ...madeUp]),
    {
      goal: 'G1',
      what: 'promises rejected with nobody to hear',
      load: null,
      measured: String(unhandled),
      wanted: '0',
      passed: unhandled === 0,
      note: null,
    },
  ];
};

async function meetAll(faults: readonly UpstreamFault[], start: () => Promise<Scene>): Promise<Cell[]> {
  await using scene = await start();
  const cells: Cell[] = [];
  for (const group of groupsOf(faults)) cells.push(...(await meetFaults(scene, group)));
  return cells;
}

/** The first attempt meets one fault, those after it the other. */
function pairsOf(count: number, seed: number): readonly UpstreamFault[] {
  const plays = rawFaults.flatMap(({ name, code, does }) =>
    does.kind === 'answer' ? [{ name, code, play: does.play }] : [],
  );
  const one = fc.constantFrom(...plays);
  return fc.sample(fc.tuple(one, one), { numRuns: count, seed }).map(([first, second], index) => ({
    name: `pair ${String(index)}: ${first.name}, then ${second.name}`,
    code: first.code,
    otherCode: second.code,
    does: { kind: 'answer', play: inTurn(first.play, second.play) },
  }));
}

function inTurn(first: RawPlay, second: RawPlay): RawPlay {
  const asked = new Set<string>();
  return (socket, request) => {
    const play = asked.has(request.jobInstanceId) ? second : first;
    asked.add(request.jobInstanceId);
    play(socket, request);
  };
}

/** The right answer with a few places changed, or any JSON at all. Whatever it says is well so long as it is said in order. */
function payloadFaults(count: number, seed: number): readonly UpstreamFault[] {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat({ max: 12 }),
    put: fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom('null', '""', '[]', '{}', '-1', '1e999', '\u0000'),
    ),
  });
  const payload = fc.oneof(fc.array(change, { minLength: 1, maxLength: 4 }), fc.jsonValue());
  return fc.sample(payload, { numRuns: count, seed }).map((made, index) => ({
    name: `payload ${String(index)}`,
    code: 'anything',
    does: {
      kind: 'answer',
      play: (socket, request) => socket.write(answerOf(bodyOf(made, rightBody(request)))),
    },
  }));
}

interface Change {
  readonly at: number;
  readonly cut: number;
  readonly put: string;
}

function bodyOf(made: unknown, right: string): string {
  const changes = Array.isArray(made) ? made.filter(isChange) : [];
  if (changes.length === 0) return JSON.stringify(made);
  return changes.reduce((text, { at, cut, put }) => {
    const place = Math.floor(at * text.length);
    return `${text.slice(0, place)}${put}${text.slice(place + cut)}`;
  }, right);
}

function isChange(value: unknown): value is Change {
  return typeof value === 'object' && value !== null && 'put' in value && 'cut' in value && 'at' in value;
}

function figureOf(what: string, cells: readonly Cell[]): Figure {
  const failed = cells.filter(({ problems }) => problems.length > 0);
  const [first] = failed;
  return {
    goal: 'G1',
    what,
    load: `${String(new Set(cells.map(({ fault }) => fault)).size)} × 6 roots`,
    measured: `${String(cells.length - failed.length)} / ${String(cells.length)}`,
    wanted: 'all',
    passed: failed.length === 0,
    note: first === undefined ? null : `${first.fault}, ${first.root}: ${first.problems.join('; ')}`,
  };
}

/** For the work itself, 48 operations at a time. */
const leeway = 1000;

/** A read with hosts that fails is followed by a plain one, so a field can take the time of two. */
function timeFigure(cells: readonly Cell[]): Figure {
  const latest = Math.max(...cells.map(({ durationMs }) => durationMs));
  return {
    goal: 'G1',
    what: `latest answer, where a read may take ${String(timeLimit)} ms and its plain one as long again`,
    load: null,
    measured: `${String(Math.round(latest))} ms`,
    wanted: `${String(2 * timeLimit + leeway)} ms or less`,
    passed: latest <= 2 * timeLimit + leeway,
    note: 'service, bk-job and 48 clients at a time share one process',
  };
}
