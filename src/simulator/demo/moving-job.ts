import type { SimulatedHost, SimulatedJob, SimulatedStep, SimulatedTimes } from '../job-model.ts';
import { shuffled, wholeNumber } from '../random.ts';
import {
  hostRow,
  job,
  machines,
  notRun,
  running,
  second,
  since,
  succeeded,
  took,
  waiting,
  type DemoOptions,
  type Machine,
} from './build.ts';

/** When something begins and ends. */
interface Span {
  readonly from: number;
  readonly to: number;
}

interface PlannedStep extends Span {
  readonly name: string;
  readonly typeCode: number;
  readonly hosts: readonly (Span & { readonly machine: Machine })[];
}

/** How long the job goes on after the start. */
const totalSeconds = 120;

/** A job that runs when the simulator starts: hosts end one after another, and after two minutes all of it has. */
export function movingJob({ start, random }: DemoOptions): (now: number) => SimulatedJob {
  const begin = start - 20 * second;
  const end = start + totalSeconds * second;
  const middle: Span = { from: begin + 8 * second, to: end - 15 * second };
  const all = machines(24);
  const steps: readonly PlannedStep[] = [
    {
      name: 'drain traffic',
      typeCode: 1,
      from: begin,
      to: middle.from,
      hosts: all.map((machine, index) => ({ machine, from: begin, to: begin + 3 * second + index * 100 })),
    },
    {
      name: 'upgrade agents',
      typeCode: 1,
      ...middle,
      hosts: oneAfterAnother({ start, random }, middle, all),
    },
    {
      name: 'verify versions',
      typeCode: 1,
      from: middle.to,
      to: end,
      hosts: all.map((machine, index) => ({ machine, from: middle.to, to: end - (24 - index) * 200 })),
    },
  ];
  return (now) => jobAt(steps, { from: begin, to: end }, now);
}

/** Hosts in an order that the seed decides; the last one ends with the step. */
function oneAfterAnother({ random }: DemoOptions, span: Span, all: readonly Machine[]): PlannedStep['hosts'] {
  const pause = (span.to - span.from - 2 * second) / all.length;
  const place = new Map(shuffled(random, all).map((machine, index) => [machine, index]));
  return all.map((machine) => {
    const index = place.get(machine) ?? 0;
    const from = span.from + Math.max(0, index - 4) * pause + wholeNumber(random, 0, 400);
    return { machine, from: Math.round(from), to: Math.round(span.from + (index + 1) * pause) };
  });
}

function jobAt(steps: readonly PlannedStep[], span: Span, now: number): SimulatedJob {
  return job({
    jobInstanceId: '20000000002',
    name: 'upgrade agents in the canary set',
    statusCode: now < span.to ? 2 : 3,
    createTime: span.from - 400,
    ...timesAt(span, now),
    shows:
      'Runs: hosts end one after another, and two minutes after the start of the simulator all of it has.',
    steps: steps.map((planned) => stepAt(planned, now)),
  });
}

function stepAt(planned: PlannedStep, now: number): Omit<SimulatedStep, 'stepInstanceId'> {
  const { name, typeCode, from, to } = planned;
  const statusCode = now < from ? 1 : now < to ? 2 : 3;
  const hosts = statusCode === 1 ? [] : planned.hosts.map((host) => hostAt(host, now));
  return { name, typeCode, statusCode, ...timesAt({ from, to }, now), hosts };
}

function hostAt({ machine, from, to }: PlannedStep['hosts'][number], now: number): SimulatedHost {
  const outcome = now < from ? waiting : now < to ? running : succeeded;
  return hostRow(machine, outcome, timesAt({ from, to }, now));
}

function timesAt({ from, to }: Span, now: number): SimulatedTimes {
  if (now < from) return notRun;
  return now < to ? since(from) : took(from, to - from);
}
