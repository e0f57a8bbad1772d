import type { Measurement } from '../measure/rounds.ts';

/** A property of a measurement that is a number. */
export type Figure = Exclude<keyof Measurement, 'workload' | 'contender' | 'round'>;

/** The middle of some numbers; NaN of none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  const at = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(at) - 1], sorted[Math.floor(at)]];
  return (low + high) / 2;
}

/** What was measured of one contender under one workload. */
export interface Series {
  /** The middle of all rounds. */
  median(figure: Figure): number;
  /** Least and most of all rounds. */
  spread(figure: Figure): readonly [number, number];
  /** The figure as a multiple of another's of the same round: the middle of all rounds, least, most. */
  ratio(figure: Figure, base: Series): readonly [middle: number, least: number, most: number];
  readonly rows: readonly Measurement[];
}

/** What was measured of a contender under a workload. */
export function seriesOf(all: readonly Measurement[], workload: string, contender: string): Series {
  const rows = all.filter((row) => row.workload === workload && row.contender === contender);
  const values = (figure: Figure): number[] => rows.map((row) => row[figure]);
  return {
    rows,
    median: (figure) => median(values(figure)),
    spread: (figure) => [Math.min(...values(figure)), Math.max(...values(figure))],
    ratio: (figure, base) => {
      const ratios = rows.flatMap((row) => {
        const same = base.rows.find(({ round }) => round === row.round);
        return same === undefined ? [] : [row[figure] / same[figure]];
      });
      return [median(ratios), Math.min(...ratios), Math.max(...ratios)];
    },
  };
}

/** A number with about three digits that say something. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value >= 100) return Math.round(value).toLocaleString('en');
  if (value >= 10) return value.toFixed(1);
  return value >= 0.095 ? value.toFixed(2) : value.toFixed(3);
}
