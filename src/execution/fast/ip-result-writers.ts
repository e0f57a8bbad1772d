import type { GraphQLLeafType } from 'graphql';
import {
  numberCells,
  numbersPerRow,
  spansPerRow,
  textCells,
  type NumberCell,
  type TextCell,
} from '../../domain/ip-result-cells.ts';
import { stepInstanceGlobalId } from '../../domain/identifiers.ts';
import type { IpResultTable } from '../../domain/ip-results.ts';
import type { StepIpResult } from '../../domain/job-instance.ts';
import { ipErrorCode, ipResultPhase, ipResultStatus } from '../../domain/status-codes.ts';
import { fewBytes, longestNumber, viewOf, wordReach, type AnswerBuffer } from './answer-buffer.ts';
import { toAsciiChunk, toBytes, toChunk, type Chunk } from './chunk.ts';
import { bytesOfCode, CodeWords, noWords, type BytesOfCode } from './code-words.ts';

/** How a column is written. Numbers, since it is asked for every field of every host. */
const kinds = { constant: 0, text: 1, integer: 2, instant: 3, word: 4, id: 5 } as const;

/**
 * A field of a host that is written, with what stands before it, from its row in the table. All have the same members,
 * whatever their kind: so the one loop over them is compiled once for all.
 */
export interface Column {
  readonly kind: (typeof kinds)[keyof typeof kinds];
  /** Where its value stands in a row. */
  readonly cell: number;
  /** What stands before its value. */
  readonly start: Chunk;
  /** The same and null. */
  readonly none: Chunk;
  /** What codes are written as; empty where it is not about codes. */
  readonly words: CodeWords;
  /** Makes that of a code; null where it is not about codes. */
  readonly bytesOf: BytesOfCode | null;
}

const noBytes = new Uint8Array(0);
const nullBytes = toBytes('null');
const quoteBytes = toBytes('"');
const quote = 0x22;

type MakeColumn = (prefix: Uint8Array, type: GraphQLLeafType) => Column;

/** Fields of StepIpResult that are written from the table alone. The others go through their resolvers. */
const makers: Readonly<Record<string, MakeColumn>> = {
  id: (prefix) => createColumn(kinds.id, 0, { prefix }),
  ip: textColumn(textCells.ip),
  bkCloudId: textColumn(textCells.bkCloudId),
  bkHostId: textColumn(textCells.bkHostId),
  tag: textColumn(textCells.tag),
  status: wordColumn(numberCells.statusCode, ipResultStatus),
  phase: wordColumn(numberCells.statusCode, ipResultPhase),
  error: wordColumn(numberCells.errorCode, ipErrorCode),
  statusCode: codeColumn(numberCells.statusCode),
  exitCode: numberColumn(kinds.integer, numberCells.exitCode),
  errorCode: codeColumn(numberCells.errorCode),
  totalTime: numberColumn(kinds.integer, numberCells.totalTime),
  startTime: numberColumn(kinds.instant, numberCells.startTime),
  endTime: numberColumn(kinds.instant, numberCells.endTime),
};

/** The column of a field of a host; null where it has to be resolved. */
export function columnOf(fieldName: string, prefix: Uint8Array, type: GraphQLLeafType): Column | null {
  return Object.hasOwn(makers, fieldName) ? (makers[fieldName]?.(prefix, type) ?? null) : null;
}

/** The column of what is the same for all hosts. */
export function constantColumn(whole: Uint8Array): Column {
  return createColumn(kinds.constant, 0, { prefix: whole });
}

/**
 * Two columns, one behind the other, that are written from the same code as one column: there are few codes, and what
 * both write of one is kept. Null where they are not.
 */
export function joinColumns(left: Column, right: Column): Column | null {
  const [first, second] = [left.bytesOf, right.bytesOf];
  if (first === null || second === null || left.cell !== right.cell) return null;
  const bytesOf: BytesOfCode = (code) => Buffer.concat([first(code), second(code)]);
  return createColumn(kinds.word, left.cell, { prefix: noBytes, bytesOf });
}

function createColumn(
  kind: Column['kind'],
  cell: number,
  parts: { readonly prefix: Uint8Array; readonly opening?: Uint8Array; readonly bytesOf?: BytesOfCode },
): Column {
  const { prefix, opening = noBytes, bytesOf = null } = parts;
  const words = bytesOf === null ? noWords : new CodeWords(bytesOf);
  return { kind, cell, start: toChunk(prefix, opening), none: toChunk(prefix, nullBytes), words, bytesOf };
}

/** Texts stand in the bytes of the upstream as they stand in the answer, escapes and all. */
function textColumn(cell: TextCell): MakeColumn {
  return (prefix) => createColumn(kinds.text, cell, { prefix, opening: quoteBytes });
}

function numberColumn(kind: Column['kind'], cell: NumberCell): MakeColumn {
  return (prefix) => createColumn(kind, cell, { prefix });
}

function wordColumn(cell: NumberCell, wordOf: (code: number) => string | null): MakeColumn {
  return (prefix, type) => {
    const jsonOf = (code: number): string => {
      const word = wordOf(code);
      return word === null ? 'null' : JSON.stringify(type.serialize(word));
    };
    return createColumn(kinds.word, cell, { prefix, bytesOf: bytesOfCode(prefix, jsonOf) });
  };
}

/** A code itself. Written like a number where no column next to it is about the same code: there may be many. */
function codeColumn(cell: NumberCell): MakeColumn {
  return (prefix) => createColumn(kinds.integer, cell, { prefix, bytesOf: bytesOfCode(prefix, String) });
}

const nothing = toChunk();

/** Room for all columns of a row but for its texts and words, and for what stands around the row. */
export function roomForColumns(columns: readonly Column[]): number {
  return columns.reduce(
    (sum, { start, none }) => sum + start.length + none.length + longestNumber,
    longestNumber,
  );
}

/** Writes columns of rows of one table. */
export class ColumnWriter {
  private readonly out: AnswerBuffer;
  private readonly table: IpResultTable;
  private readonly texts: DataView;
  /** Texts that end behind it are not followed by enough bytes to be copied four by four. */
  private readonly lastEnd: number;
  /** There is so much room before each row, and behind each text and word. */
  private readonly room: number;
  /** Rows of the step that the last id was of, and what ids of these begin with. */
  private stepStart = 0;
  private stepEnd = 0;
  private idStart = nothing;
  /** By the position of the step: hosts that are in an order of their own can be of one step and another in turn. */
  private readonly idStarts: Chunk[] = [];
  private occurrences: Uint32Array | null = null;
  private host: StepIpResult | null = null;
  private hostRow = -1;

  constructor(out: AnswerBuffer, table: IpResultTable, room: number) {
    this.out = out;
    this.table = table;
    this.texts = viewOf(table.bytes);
    this.lastEnd = table.bytes.length - wordReach;
    this.room = room;
  }

  /** A host as an object, for fields that have to be resolved. */
  hostOf(row: number): StepIpResult {
    if (this.host === null || this.hostRow !== row) {
      this.host = this.table.resultOf(row);
      this.hostRow = row;
    }
    return this.host;
  }

  write(columns: readonly Column[], row: number): void {
    const { out, table } = this;
    for (const column of columns) {
      switch (column.kind) {
        case kinds.text:
          this.writeText(column, row);
          break;
        case kinds.id:
          this.writeId(column, row);
          break;
        case kinds.constant:
          out.putChunk(column.start);
          break;
        case kinds.word:
          this.putLongChunk(column.words.chunkOf(table.numbers[row * numbersPerRow + column.cell] ?? NaN));
          break;
        default:
          this.writeNumber(column, row * numbersPerRow + column.cell);
      }
    }
  }

  private writeNumber({ kind, start, none }: Column, place: number): void {
    const { out } = this;
    const { numbers } = this.table;
    const value = numbers[place] ?? NaN;
    if (Number.isNaN(value)) {
      out.putChunk(none);
      return;
    }
    out.putChunk(start);
    if (kind === kinds.instant) out.putInstantAt(numbers, place);
    else out.putInteger(value);
  }

  private writeText({ cell, start, none }: Column, row: number): void {
    const { out } = this;
    const { spans } = this.table;
    const span = row * spansPerRow + cell;
    if ((spans[span + 1] ?? 0) === 0) {
      out.putChunk(none);
      return;
    }
    out.putChunk(start);
    this.copyText(span);
    out.putByte(quote);
  }

  /** As `stepIpResultGlobalId`. */
  private writeId({ start }: Column, row: number): void {
    const { out, table } = this;
    const span = row * spansPerRow;
    out.putChunk(start);
    if (row < this.stepStart || row >= this.stepEnd) this.goToStepOf(row);
    this.putLongChunk(this.idStart);
    if ((table.spans[span + textCells.bkHostId + 1] ?? 0) > 0) this.copyText(span + textCells.bkHostId);
    else {
      this.copyText(span + textCells.bkCloudId);
      out.putByte(0x2f);
      this.copyText(span + textCells.ip);
    }
    this.occurrences ??= table.occurrences();
    const occurrence = this.occurrences[row] ?? 0;
    if (occurrence > 0) {
      out.putByte(0x7e);
      out.putInteger(occurrence);
    }
    out.putByte(quote);
  }

  private goToStepOf(row: number): void {
    const { step, start, end } = this.table.rowsOfStepOf(row);
    this.stepStart = start;
    this.stepEnd = end;
    this.idStarts[step.position] ??= toAsciiChunk(`"${stepInstanceGlobalId(step)}:`);
    this.idStart = this.idStarts[step.position] ?? nothing;
  }

  private putLongChunk(chunk: Chunk): void {
    this.out.ensure(chunk.length + this.room);
    this.out.putChunk(chunk);
  }

  private copyText(span: number): void {
    const { bytes, spans } = this.table;
    const start = spans[span] ?? 0;
    const end = spans[span + 1] ?? 0;
    this.out.ensure(end - start + this.room);
    if (end - start < fewBytes && end <= this.lastEnd) this.out.putWords(this.texts, start, end);
    else this.out.putPiece(bytes, start, end);
  }
}
