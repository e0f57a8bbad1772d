import type { IpResults } from '../../domain/ip-results.ts';
import type { StepIpResult } from '../../domain/job-instance.ts';
import { AnswerBuffer } from './answer-buffer.ts';
import type { FieldPlan } from './plan.ts';
import type { Run, WriteHosts } from './run.ts';

const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;

/** Longer lists are written when all else is: piece by piece, with turns for others between. */
const maxAtOnce = 1000;

/** Hosts after which others get their turn: some 3 ms. */
const hostsPerTurn = 4000;

/** Room for the hosts that are written before it is known how long one is. */
const firstRoom = maxAtOnce * 256;

/** Makes what writes hosts of a list with these fields. */
export function hostsWriter(
  fields: readonly Pick<FieldPlan, 'column' | 'prefix' | 'resolve' | 'write'>[],
): WriteHosts {
  return (run, { table, rows }, start) => {
    const { out } = run;
    const end = Math.min(start + maxAtOnce, rows.length);
    for (let index = start; index < end; index += 1) {
      const row = rows[index] ?? 0;
      if (index > 0) out.byte(comma);
      out.byte(openBrace);
      let host: StepIpResult | undefined;
      for (const { column, prefix, resolve, write } of fields) {
        if (column !== null) column(out, table, row);
        else {
          host ??= table.resultOf(row);
          const value = resolve(run, host);
          out.raw(prefix);
          write(run, value);
        }
      }
      out.byte(closeBrace);
    }
  };
}

/** Writes a list of hosts, or leaves its place to be filled. */
export function writeHosts(run: Run, hosts: IpResults, write: WriteHosts): void {
  if (hosts.length > maxAtOnce) {
    run.longLists.push({ at: run.out.at, hosts, write });
    return;
  }
  run.out.byte(openBracket);
  write(run, hosts, 0);
  run.out.byte(closeBracket);
}

/** Writes the lists whose places were left, between what was written around them. */
export async function fillLongLists(run: Run, pause: () => Promise<void>): Promise<void> {
  if (run.longLists.length === 0) return;
  const around = run.out.written();
  run.out = new AnswerBuffer(around.length + firstRoom);
  let copied = 0;
  let sincePause = 0;
  for (const { at, hosts: list, write } of run.longLists) {
    run.out.piece(around, copied, at);
    copied = at;
    run.out.byte(openBracket);
    for (let start = 0; start < list.length; start += maxAtOnce) {
      const before = run.out.at;
      write(run, list, start);
      // All others are about as long, so that the buffer need not grow once more.
      if (start === 0) run.out.ensure((run.out.at - before) * (list.length / maxAtOnce) * 1.1);
      sincePause += maxAtOnce;
      if (sincePause >= hostsPerTurn) {
        sincePause = 0;
        await pause();
      }
    }
    run.out.byte(closeBracket);
  }
  run.out.piece(around, copied, around.length);
}
