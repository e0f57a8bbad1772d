import type { RowMemory } from '../../domain/ip-result-rows.ts';
import type { IpResultsOfSteps } from '../../domain/ip-results.ts';
import { ByteScanner, closeBrace, closeBracket, giveUp, openBrace, openBracket } from './byte-scanner.ts';
import { IpResultScanner } from './scan-ip-results.ts';

/** An answer with hosts, taken apart. */
export interface ScannedStatus {
  /** The answer with null in place of each list of rows: JSON for the reader that reads everything. */
  readonly rest: Uint8Array;
  readonly hosts: IpResultsOfSteps;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const [dataKey, stepsKey, rowsKey] = ['data', 'step_instance_list', 'step_ip_result_list'].map(encode) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const nothing = encode('null');

/** Steps after which it stops, as it does within their rows: they may have none. */
const stepsAtOnce = 500;

/**
 * Takes the rows of hosts, nearly all of a large answer, from its bytes without making an object for any. Goes through
 * all bytes once and stops again and again on the way, that others may have their turn. Throws `NotUnderstood` on everything that is not
 * certain to mean to the generic reader what it means here.
 *
 * No generator function is made on the way: for each V8 makes a prototype, in memory that it looks through when it goes
 * through its whole heap.
 */
export function* scanStatus(body: Uint8Array, memory: RowMemory): Generator<void, ScannedStatus> {
  const scanner = new ByteScanner(body);
  const hosts = new IpResultScanner(scanner, memory);
  const counts: number[] = [];
  const rest: Uint8Array[] = [];
  let kept = 0;
  // It is a failure, and the other reader need not read it a second time.
  if (!passTo(scanner, dataKey)) giveUp();
  if (passTo(scanner, stepsKey)) {
    scanner.pass(openBracket);
    for (let isFirst = true; scanner.hasNext(closeBracket, isFirst); isFirst = false) {
      let count = 0;
      if (passTo(scanner, rowsKey)) {
        scanner.peek();
        rest.push(body.subarray(kept, scanner.at), nothing);
        count = yield* hosts.readRows();
        kept = scanner.at;
        passOthers(scanner, rowsKey);
      }
      counts.push(count);
      if (counts.length % stepsAtOnce === 0) yield;
    }
    passOthers(scanner, stepsKey);
  }
  passOthers(scanner, dataKey);
  if (scanner.peek() !== -1) giveUp();
  rest.push(body.subarray(kept));
  return { rest: Buffer.concat(rest), hosts: hosts.ofSteps(counts) };
}

/** Passes an object up to the value of a member, and says whether it has it: if not, all of it was passed. */
function passTo(scanner: ByteScanner, key: Uint8Array): boolean {
  scanner.pass(openBrace);
  for (let isFirst = true; scanner.hasNext(closeBrace, isFirst); isFirst = false) {
    scanner.passKey();
    if (scanner.isRead(key)) return true;
    scanner.passValue();
  }
  return false;
}

/** Passes what follows on the value of that member. It may come once. */
function passOthers(scanner: ByteScanner, key: Uint8Array): void {
  while (scanner.hasNext(closeBrace, false)) {
    scanner.passKey();
    if (scanner.isRead(key)) giveUp();
    scanner.passValue();
  }
}
