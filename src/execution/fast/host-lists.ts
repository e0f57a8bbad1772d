import type { IpResults } from '../../domain/ip-results.ts';
import { ColumnWriter, joinColumns, roomForColumns, type Column } from './ip-result-writers.ts';
import { spare, writeLateValues, type LateValue } from './late-values.ts';
import type { FieldPlan } from './plan.ts';
import type { Run } from './run.ts';

const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;

/** Longer lists are written when what stands around them is: piece by piece, with turns for others between. */
const maxInOnePiece = 1000;

/** Hosts that are written before the time is looked at: a fifth of a millisecond, ten times that before V8 has compiled it. */
const hostsAtOnce = 250;

/** A host before it is known how long one is. */
const firstBytesPerHost = 256;

type HostField = Pick<FieldPlan, 'column' | 'prefix' | 'resolve' | 'write'>;

/** Columns one after another, and the field behind them that has to be resolved, if any. */
interface Part {
  readonly columns: readonly Column[];
  readonly resolved: HostField | null;
}

/** Writes hosts of lists, always with the same fields. */
export class HostsWriter {
  /** How long hosts of the last list were. */
  bytesPerHost = firstBytesPerHost;
  private readonly parts: readonly Part[];
  private readonly room: number;

  constructor(fields: readonly HostField[]) {
    this.parts = partsOf(fields);
    this.room = roomForColumns(this.parts.flatMap(({ columns }) => columns));
  }

  /** Writes hosts from `start` on, as many as are written at once. */
  write(run: Run, { table, rows }: IpResults, start: number): void {
    const { out } = run;
    const writer = new ColumnWriter(out, table, this.room);
    const end = Math.min(start + hostsAtOnce, rows.length);
    for (let index = start; index < end; index += 1) {
      const row = rows[index] ?? 0;
      out.ensure(this.room);
      if (index > 0) out.putByte(comma);
      out.putByte(openBrace);
      this.writeFields(run, writer, row);
      out.putByte(closeBrace);
    }
  }

  private writeFields(run: Run, writer: ColumnWriter, row: number): void {
    const { parts, room } = this;
    for (const { columns, resolved } of parts) {
      writer.write(columns, row);
      if (resolved === null) continue;
      const value = resolved.resolve(run, writer.hostOf(row));
      run.out.raw(resolved.prefix);
      resolved.write(run, value);
      run.out.ensure(room);
    }
  }
}

function partsOf(fields: readonly HostField[]): readonly Part[] {
  const parts: Part[] = [];
  let columns: Column[] = [];
  for (const field of fields) {
    if (field.column !== null) addColumn(columns, field.column);
    else {
      parts.push({ columns, resolved: field });
      columns = [];
    }
  }
  return columns.length === 0 ? parts : [...parts, { columns, resolved: null }];
}

/** Adds a column, or joins it to the one before. */
function addColumn(columns: Column[], column: Column): void {
  const last = columns.at(-1);
  const joined = last === undefined ? null : joinColumns(last, column);
  if (joined === null) columns.push(column);
  else columns[columns.length - 1] = joined;
}

/** Writes a list of hosts, or leaves its place where it is long. */
export function writeHosts(run: Run, hosts: IpResults, writer: HostsWriter): void {
  if (hosts.length > maxInOnePiece) {
    run.lateValues.push(new LongList(run.out.at, hosts, writer));
    return;
  }
  run.out.byte(openBracket);
  for (let start = 0; start < hosts.length; start += hostsAtOnce) writer.write(run, hosts, start);
  run.out.byte(closeBracket);
}

/** A list of hosts that is too long to be written at once. */
class LongList implements LateValue {
  readonly at: number;
  readonly expectedBytes: number;
  readonly #hosts: IpResults;
  readonly #writer: HostsWriter;

  constructor(at: number, hosts: IpResults, writer: HostsWriter) {
    this.at = at;
    this.expectedBytes = hosts.length * writer.bytesPerHost;
    this.#hosts = hosts;
    this.#writer = writer;
  }

  async write(run: Run): Promise<void> {
    const { out, context } = run;
    const hosts = this.#hosts;
    const writer = this.#writer;
    out.byte(openBracket);
    const before = out.at;
    for (let start = 0; start < hosts.length; start += hostsAtOnce) {
      const from = out.at;
      writer.write(run, hosts, start);
      if (run.lateValues.length > 0) await writeLateValues(run, from);
      // All others are about as long, so that the buffer need not grow once more.
      if (start === 0) out.ensure((out.at - before) * (hosts.length / hostsAtOnce - 1) * spare);
      if (context.longWork.isOver()) await context.longWork.next();
    }
    writer.bytesPerHost = (out.at - before) / hosts.length;
    out.byte(closeBracket);
  }
}
