import { byId, setText } from './dom.ts';
import type { Job } from './model.ts';
import { inWords, phaseLooks } from './phases.ts';
import { formatAge, formatDuration, formatMoment } from './time.ts';

/** Fills the head of the page with what a job is. */
export function showJob(job: Job): void {
  const today = new Date();
  const { word, glyph } = phaseLooks[job.phase];
  const phase = byId('job-phase', HTMLParagraphElement);
  const status = inWords(job.status);
  phase.dataset['phase'] = job.phase;
  setText(byId('job-name', HTMLHeadingElement), job.name);
  setText(phase, `${glyph} ${word}${status === word ? '' : ` (${status})`}`);
  setText(byId('job-number', HTMLElement), job.jobInstanceId);
  setText(byId('job-created', HTMLElement), formatMoment(job.createTime, today));
  setText(byId('job-started', HTMLElement), formatMoment(job.startTime, today));
  setText(byId('job-ended', HTMLElement), job.finished ? formatMoment(job.endTime, today) : '–');
  setText(byId('job-revision', HTMLElement), job.revision?.slice(0, 12) ?? '–');
  const retries = Math.max(0, ...(job.steps ?? []).map(({ executeCount }) => executeCount));
  const attempt = byId('job-attempt', HTMLParagraphElement);
  attempt.hidden = retries === 0;
  setText(attempt, `retried, attempt ${String(retries + 1)}`);
  const page = byId('job-page', HTMLAnchorElement);
  page.hidden = job.webUrl === null;
  if (job.webUrl !== null) page.href = job.webUrl;
  document.title = `${glyph} ${job.name}`;
}

/** Fills in what goes on by itself: how long the job takes, and how old what is shown is. */
export function showTimes(job: Job, now: number): void {
  const start = job.startTime === null ? null : Date.parse(job.startTime);
  const took = job.finished ? job.totalTime : start === null ? null : now - start;
  setText(byId('job-took', HTMLElement), took === null ? '–' : formatDuration(took));
  const age = now - Date.parse(job.observedAt);
  const shown = byId('job-age', HTMLElement);
  setText(shown, formatAge(age));
  shown.classList.toggle('old', !job.finished && age > Math.max(15_000, 3 * (job.pollInterval ?? 0)));
}
