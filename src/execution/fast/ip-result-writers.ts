import type { GraphQLLeafType } from 'graphql';
import { stepInstanceGlobalId } from '../../domain/identifiers.ts';
import {
  numberCells,
  numbersPerRow,
  spansPerRow,
  textCells,
  type NumberCell,
  type TextCell,
} from '../../domain/ip-result-cells.ts';
import type { IpResultTable } from '../../domain/ip-results.ts';
import type { StepInstance } from '../../domain/job-instance.ts';
import { ipErrorCode, ipResultPhase, ipResultStatus } from '../../domain/status-codes.ts';
import { toBytes, toChunk, type AnswerBuffer, type Chunk } from './answer-buffer.ts';

/** Writes one field of a host, with what stands before it, from its row in the table. */
export type WriteColumn = (out: AnswerBuffer, table: IpResultTable, row: number) => void;

type MakeWriter = (prefix: Uint8Array, type: GraphQLLeafType) => WriteColumn;

const nullBytes = toBytes('null');
const quoteBytes = toBytes('"');
const nullChunk = toChunk(nullBytes);
const quote = 0x22;

/** Fields of StepIpResult that are written from the table alone. The others go through their resolvers. */
const makers: Readonly<Record<string, MakeWriter>> = {
  id: idWriter,
  ip: textWriter(textCells.ip),
  bkCloudId: textWriter(textCells.bkCloudId),
  bkHostId: textWriter(textCells.bkHostId),
  tag: textWriter(textCells.tag),
  status: wordWriter(numberCells.statusCode, ipResultStatus),
  phase: wordWriter(numberCells.statusCode, ipResultPhase),
  error: wordWriter(numberCells.errorCode, ipErrorCode),
  statusCode: integerWriter(numberCells.statusCode),
  exitCode: integerWriter(numberCells.exitCode),
  errorCode: integerWriter(numberCells.errorCode),
  totalTime: integerWriter(numberCells.totalTime),
  startTime: instantWriter(numberCells.startTime),
  endTime: instantWriter(numberCells.endTime),
};

/** What writes a field of a host from the table; null where it has to be resolved. */
export function columnWriterOf(
  fieldName: string,
  prefix: Uint8Array,
  type: GraphQLLeafType,
): WriteColumn | null {
  return Object.hasOwn(makers, fieldName) ? (makers[fieldName]?.(prefix, type) ?? null) : null;
}

/** Texts stand in the bytes of the upstream as they stand in the answer, escapes and all. */
function textWriter(place: TextCell): MakeWriter {
  return (prefix) => {
    const [start, none] = [toChunk(prefix, quoteBytes), toChunk(prefix, nullBytes)];
    return (out, { bytes, spans }, row) => {
      const at = row * spansPerRow + place;
      const end = spans[at + 1] ?? 0;
      if (end === 0) {
        out.chunk(none);
        return;
      }
      out.chunk(start);
      out.piece(bytes, spans[at] ?? 0, end);
      out.byte(quote);
    };
  };
}

function integerWriter(place: NumberCell): MakeWriter {
  return (prefix) => {
    const [start, none] = [toChunk(prefix), toChunk(prefix, nullBytes)];
    return (out, { numbers }, row) => {
      const value = numbers[row * numbersPerRow + place] ?? NaN;
      if (Number.isNaN(value)) out.chunk(none);
      else {
        out.chunk(start);
        out.integer(value);
      }
    };
  };
}

function instantWriter(place: NumberCell): MakeWriter {
  return (prefix) => {
    const [start, none] = [toChunk(prefix), toChunk(prefix, nullBytes)];
    return (out, { numbers }, row) => {
      const value = numbers[row * numbersPerRow + place] ?? NaN;
      if (Number.isNaN(value)) out.chunk(none);
      else {
        out.chunk(start);
        out.instant(value);
      }
    };
  };
}

/** There are some forty codes, but bk-job may send any number. */
const maxKnownCodes = 256;

/** Words of codes, each made to bytes once with its key before it. */
function wordWriter(place: NumberCell, wordOf: (code: number) => string | null): MakeWriter {
  return (prefix, type) => {
    const known = new Map<number, Chunk>();
    const make = (code: number): Chunk => {
      const word = Number.isNaN(code) ? null : wordOf(code);
      const value = word === null ? nullBytes : toBytes(JSON.stringify(type.serialize(word)));
      const chunk = toChunk(prefix, value);
      if (known.size < maxKnownCodes) known.set(code, chunk);
      return chunk;
    };
    let lastCode: number | null = null;
    let lastChunk = nullChunk;
    return (out, { numbers }, row) => {
      const code = numbers[row * numbersPerRow + place] ?? NaN;
      if (code !== lastCode) {
        lastChunk = known.get(code) ?? make(code);
        lastCode = code;
      }
      out.chunk(lastChunk);
    };
  };
}

/** What the ids of all hosts of a step begin with. Kept with the step: nothing of an answer may outlive it here. */
const idStarts = new WeakMap<StepInstance, Uint8Array>();

function idStartOf(step: StepInstance): Uint8Array {
  let start = idStarts.get(step);
  if (start === undefined) {
    start = toBytes(`"${stepInstanceGlobalId(step)}:`);
    idStarts.set(step, start);
  }
  return start;
}

/** As `stepIpResultGlobalId`. */
function idWriter(prefix: Uint8Array): WriteColumn {
  const writeText = (out: AnswerBuffer, { bytes, spans }: IpResultTable, at: number): void =>
    out.piece(bytes, spans[at] ?? 0, spans[at + 1] ?? 0);
  const start = toChunk(prefix);
  return (out, table, row) => {
    out.chunk(start);
    out.raw(idStartOf(table.stepOf(row)));
    const at = row * spansPerRow;
    if ((table.spans[at + textCells.bkHostId + 1] ?? 0) > 0) writeText(out, table, at + textCells.bkHostId);
    else {
      writeText(out, table, at + textCells.bkCloudId);
      out.byte(0x2f);
      writeText(out, table, at + textCells.ip);
    }
    const occurrence = table.occurrenceOf(row);
    if (occurrence > 0) {
      out.byte(0x7e);
      out.integer(occurrence);
    }
    out.byte(quote);
  };
}
