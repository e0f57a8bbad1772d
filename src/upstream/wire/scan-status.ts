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

/**
 * Takes the rows of hosts, nearly all of a large answer, from its bytes without making an object for any. Goes through
 * all bytes once and stops on the way where others wait too long. Throws `NotUnderstood` on everything that is not
 * certain to mean to the generic reader what it means here.
 */
export function* scanStatus(body: Uint8Array, memory: RowMemory): Generator<void, ScannedStatus> {
  const scanner = new ByteScanner(body);
  const hosts = new IpResultScanner(scanner, memory);
  const counts: number[] = [];
  const rest: Uint8Array[] = [];
  let kept = 0;

  function* readStep(): Generator<void> {
    let count = 0;
    yield* readObject(scanner, rowsKey, function* () {
      scanner.peek();
      rest.push(body.subarray(kept, scanner.at), nothing);
      count = yield* hosts.readRows();
      kept = scanner.at;
    });
    counts.push(count);
  }

  yield* readObject(scanner, dataKey, () =>
    readObject(scanner, stepsKey, function* () {
      scanner.pass(openBracket);
      for (let isFirst = true; scanner.hasNext(closeBracket, isFirst); isFirst = false) yield* readStep();
    }),
  );
  if (scanner.peek() !== -1) giveUp();
  rest.push(body.subarray(kept));
  return { rest: Buffer.concat(rest), hosts: hosts.ofSteps(counts) };
}

/** Passes an object, but for one member, which is read where it comes. It may come once. */
function* readObject(
  scanner: ByteScanner,
  key: Uint8Array,
  readMember: () => Generator<void>,
): Generator<void> {
  let isFound = false;
  scanner.pass(openBrace);
  for (let isFirst = true; scanner.hasNext(closeBrace, isFirst); isFirst = false) {
    scanner.passKey();
    if (!scanner.isRead(key)) {
      scanner.passValue();
      continue;
    }
    if (isFound) giveUp();
    isFound = true;
    yield* readMember();
  }
}
