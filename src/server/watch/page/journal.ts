import { countPhases } from './hosts.ts';
import type { Job, Phase, Step } from './model.ts';
import { phaseLooks } from './phases.ts';
import { formatDuration } from './time.ts';

/** What happened between two messages, in sentences. The first message has nothing before it. */
export function changesBetween(before: Job | null, after: Job): readonly string[] {
  if (before?.jobInstanceId !== after.jobInstanceId) return [`“${after.name}” ${standing(after.phase)}.`];
  const steps = (after.steps ?? []).flatMap((step) => {
    const earlier = before.steps?.find(({ stepInstanceId }) => stepInstanceId === step.stepInstanceId);
    return earlier === undefined ? [] : stepChanges(earlier, step);
  });
  const retried = before.finished && !after.finished ? ['The job was retried and runs again.'] : [];
  const ended =
    !before.finished && after.finished
      ? [
          `The job is over: ${phaseLooks[after.phase].word}${after.totalTime === null ? '' : ` after ${formatDuration(after.totalTime)}`}.`,
        ]
      : [];
  const waits =
    before.phase !== after.phase && after.phase === 'BLOCKED' ? ['The job waits for a person.'] : [];
  return [...retried, ...steps, ...waits, ...ended];
}

function standing(phase: Phase): string {
  if (phase === 'RUNNING') return 'is running';
  if (phase === 'PENDING') return 'has not started';
  if (phase === 'BLOCKED') return 'waits for a person';
  return `is over: ${phaseLooks[phase].word}`;
}

function stepChanges(before: Step, after: Step): readonly string[] {
  const name = `Step “${after.name}”`;
  const attempt =
    after.executeCount > before.executeCount
      ? [`${name} is retried, attempt ${String(after.executeCount + 1)}.`]
      : [];
  const failed = failedHosts(after) - failedHosts(before);
  const hosts =
    failed > 0 && attempt.length === 0
      ? [`${name}: ${String(failed)} more ${failed === 1 ? 'host' : 'hosts'} failed.`]
      : [];
  if (before.phase === after.phase) return [...attempt, ...hosts];
  if (after.phase === 'RUNNING') return attempt.length > 0 ? attempt : [`${name} has started.`];
  const took = after.totalTime === null ? '' : ` after ${formatDuration(after.totalTime)}`;
  return [...attempt, ...hosts, `${name}: ${phaseLooks[after.phase].word}${took}.`];
}

function failedHosts({ ipResults }: Step): number {
  return countPhases(ipResults ?? []).get('FAILED') ?? 0;
}
