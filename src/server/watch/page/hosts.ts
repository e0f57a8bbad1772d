import type { FailureGroup, Host, Job, Phase, Step } from './model.ts';
import { hostPhases, inWords, phaseLooks } from './phases.ts';
import { formatDuration } from './time.ts';

/** How many hosts are in each phase. */
export function countPhases(hosts: readonly Host[]): ReadonlyMap<Phase, number> {
  const counts = new Map<Phase, number>();
  for (const { phase } of hosts) counts.set(phase, (counts.get(phase) ?? 0) + 1);
  return counts;
}

/** An order that does not depend on how bk-job lists hosts: by address, or failures first and then by address. */
export function orderHosts(hosts: readonly Host[], order: 'address' | 'phase'): readonly Host[] {
  const rank = new Map(hostPhases.map((phase, index) => [phase, index]));
  const keyed = hosts.map((host) => ({
    host,
    rank: order === 'phase' ? (rank.get(host.phase) ?? hostPhases.length) : 0,
    address: addressNumber(host),
  }));
  keyed.sort((one, other) => one.rank - other.rank || one.address - other.address);
  return keyed.map(({ host }) => host);
}

/** Addresses in their own order; hosts without one come last, by their ids. */
function addressNumber({ ip, bkHostId }: Host): number {
  const parts = ip?.split('.').map(Number) ?? [];
  const isAddress = parts.length === 4 && parts.every((part) => part >= 0 && part <= 255);
  if (!isAddress) return 2 ** 32 + Number(bkHostId ?? 0);
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** What a host is called: its address, with its cloud area where that is not the default one, or its id. */
export function nameHost({ ip, bkCloudId, bkHostId }: Host): string {
  if (ip === null) return bkHostId === null ? 'a host without a name' : `host ${bkHostId}`;
  return bkCloudId === null || bkCloudId === '0' ? ip : `${ip} in area ${bkCloudId}`;
}

/** All that is known of a host, in a line. */
export function describeHost(host: Host): string {
  const { phase, status, exitCode, tag, totalTime, bkHostId, ip } = host;
  const state = inWords(status);
  const { word } = phaseLooks[phase];
  return [
    nameHost(host),
    ...(ip !== null && bkHostId !== null ? [`host ${bkHostId}`] : []),
    state === word ? word : `${word}: ${state}`,
    ...(exitCode !== null && exitCode !== 0 ? [`exit code ${String(exitCode)}`] : []),
    ...(tag ? [`tag “${tag}”`] : []),
    ...(totalTime !== null ? [`took ${formatDuration(totalTime)}`] : []),
  ].join(' · ');
}

/** Hosts of a group, out of the hosts of the job. */
export function hostsOfGroup(job: Job, group: FailureGroup): readonly Host[] {
  const step = job.steps?.find(({ stepInstanceId }) => stepInstanceId === group.step?.stepInstanceId);
  return orderHosts(
    (step?.ipResults ?? []).filter(
      ({ status, tag, exitCode }) =>
        status === group.status && (tag ?? '') === (group.tag ?? '') && exitCode === group.exitCode,
    ),
    'address',
  );
}

/** The step that is worth looking at: the one under way, else the last that has hosts which went wrong, else the last with hosts. */
export function currentStep(steps: readonly Step[]): Step | null {
  const withHosts = steps.filter(({ ipResults }) => (ipResults?.length ?? 0) > 0);
  return (
    withHosts.find(({ phase }) => phase === 'RUNNING') ??
    withHosts.findLast(({ phase }) => phase === 'FAILED' || phase === 'STOPPED') ??
    withHosts.at(-1) ??
    steps[0] ??
    null
  );
}
