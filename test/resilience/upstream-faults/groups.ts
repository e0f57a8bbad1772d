import { answerFaults } from './answer-faults.ts';
import { connectionFaults } from './connection-faults.ts';
import type { UpstreamFault } from './fault.ts';
import { framingFaults } from './framing-faults.ts';

/** Faults of a bk-job of bytes. */
export const rawFaults: readonly UpstreamFault[] = [...connectionFaults, ...framingFaults, ...answerFaults];

/** So many that all roots have a connection at a time. */
const together = 8;

/**
 * Faults that are met at the same time. Those that are waited for to the end are met together, so that they are waited
 * for once; one that happens to all connections is met alone.
 */
export function groupsOf(faults: readonly UpstreamFault[]): readonly (readonly UpstreamFault[])[] {
  const forAll = faults.filter(({ does }) => does.kind === 'accept');
  const others = faults.filter(({ does }) => does.kind !== 'accept');
  const slow = others.filter(({ code }) => code === 'UPSTREAM_TIMEOUT');
  const quick = others.filter(({ code }) => code !== 'UPSTREAM_TIMEOUT');
  return [...forAll.map((fault) => [fault]), ...inGroups(slow), ...inGroups(quick)];
}

function inGroups(faults: readonly UpstreamFault[]): readonly (readonly UpstreamFault[])[] {
  return Array.from({ length: Math.ceil(faults.length / together) }, (_, index) =>
    faults.slice(index * together, (index + 1) * together),
  );
}
