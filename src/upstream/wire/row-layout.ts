import { numberCells, textCells, type NumberCell, type TextCell } from '../../domain/ip-result-cells.ts';
import type { MemberName } from './member-names.ts';

/** What a member of a row is read as. Those before `int` are texts, and `unasked` is passed. */
export const readAs = { unasked: 0, text: 1, id: 2, int: 3, instant: 4, duration: 5 } as const;

export type ReadAs = (typeof readAs)[keyof typeof readAs];

/** A member of a row. */
export interface Member {
  readonly name: Buffer;
  readonly as: ReadAs;
  /** Where its value is kept. */
  readonly cell: NumberCell | TextCell;
}

function member(name: MemberName, as: ReadAs, cell: NumberCell | TextCell): Member {
  return { name: Buffer.from(name), as, cell };
}

/** Members that are asked for. */
export const members: readonly Member[] = [
  member('status', readAs.int, numberCells.statusCode),
  member('exit_code', readAs.int, numberCells.exitCode),
  member('error_code', readAs.int, numberCells.errorCode),
  member('start_time', readAs.instant, numberCells.startTime),
  member('end_time', readAs.instant, numberCells.endTime),
  member('total_time', readAs.duration, numberCells.totalTime),
  member('ip', readAs.text, textCells.ip),
  member('bk_cloud_id', readAs.id, textCells.bkCloudId),
  member('bk_host_id', readAs.id, textCells.bkHostId),
  member('tag', readAs.text, textCells.tag),
];

/** A member that nobody asks for. */
export function unaskedMember(name: Uint8Array): Member {
  return { name: Buffer.from(name), as: readAs.unasked, cell: 0 };
}

/**
 * How a row is laid out where no white space is sent: for each member what it is read as, its cell, how many bytes its
 * key takes with all that stands between it and the values around it, how many words of four bytes these are but for
 * the last, which bytes of the last word count, and the words. All in one list, since it is gone through for each row.
 */
export type RowLayout = Int32Array;

/** Numbers of a member in a layout before its words. */
export const layoutHead = 5;

/** The layout of rows with these members in this order. */
export function layoutOf(inOrder: readonly Member[]): RowLayout {
  const numbers = inOrder.flatMap(({ name, as, cell }, index) => {
    const key = Buffer.concat([Buffer.from(index === 0 ? '{"' : ',"'), name, Buffer.from('":')]);
    const words = Buffer.alloc(Math.ceil(key.length / 4) * 4);
    key.copy(words);
    const inLast = key.length % 4;
    const lastMask = inLast === 0 ? -1 : (1 << (inLast * 8)) - 1;
    const wordAt = (index: number): number => words.readInt32LE(index * 4);
    const count = words.length / 4;
    return [
      as,
      cell,
      key.length,
      count - 1,
      lastMask,
      ...Array.from({ length: count }, (_none, at) => wordAt(at)),
    ];
  });
  return Int32Array.from(numbers);
}
