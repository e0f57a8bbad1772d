import { checkHistory } from '../../test/support/history-checker/check-history.ts';
import { runHistory } from '../../test/support/history-checker/run-history.ts';
import { seededBugs } from '../../test/support/history-checker/seeded-bugs.ts';
import type { Figure, Trial, TrialSize } from './figure.ts';

/** G5: clients that are slow, cut off and come again are told every end once, and nothing wrong (`reliability.md` 2.6). */
export const trial: Trial = async ({ size, seed }) => [
  await followUntilEnds(size, seed),
  await noticeBugs(seed),
];

const wantedEnds: Readonly<Record<TrialSize, number>> = { ci: 100_000, long: 1_000_000 };

const usual = { clients: 500, faultRate: 0.2, dropRate: 0.05 };

async function followUntilEnds(size: TrialSize, seed: number): Promise<Figure> {
  const broken = new Map<string, number>();
  let [ends, events, streams, unclean] = [0, 0, 0, 0];
  for (let run = 0; ends < wantedEnds[size]; run++) {
    const made = await runHistory({ ...usual, seed: seed * 1000 + run });
    for (const { promise } of checkHistory(made.history)) broken.set(promise, (broken.get(promise) ?? 0) + 1);
    ends += made.ends;
    events += made.history.length;
    streams += made.history.filter(({ kind }) => kind === 'opened').length;
    if (!made.isClean) unclean += 1;
  }
  const violations = [...broken].map(([promise, count]) => `${promise} ${String(count)}`);
  return {
    goal: 'G5',
    what: 'ends of jobs missed, doubled, or told wrongly',
    load: `${String(ends)} ends told over ${String(streams)} streams, ${String(events)} events; 20 % of reads fail, 5 % of steps cut a client off`,
    measured: violations.length === 0 ? `0 of ${String(ends)}` : violations.join(', '),
    wanted: `0 of ${String(wantedEnds[size])}, and nothing left behind`,
    passed: violations.length === 0 && unclean === 0,
    note: 'Within one process and in virtual time; decided afterwards from the log of what happened.',
  };
}

async function noticeBugs(seed: number): Promise<Figure> {
  const missed: string[] = [];
  for (const { name, promise, spoil } of seededBugs) {
    const { history } = await runHistory({
      ...usual,
      seed,
      clients: 12,
      spoil: (frames, client) => (client % 7 === 0 ? spoil(frames) : frames),
    });
    if (!checkHistory(history).some((violation) => violation.promise === promise)) missed.push(name);
  }
  const found = seededBugs.length - missed.length;
  return {
    goal: 'G5',
    what: 'seeded faults of streams that the checker notices',
    load: null,
    measured: `${String(found)} of ${String(seededBugs.length)}${missed.length === 0 ? '' : `; not: ${missed.join(', ')}`}`,
    wanted: 'all, 6 or more',
    passed: missed.length === 0 && found >= 6,
    note: null,
  };
}
