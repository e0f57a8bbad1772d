import { byId, make, setChildren, setText } from './dom.ts';
import type { Job, Step } from './model.ts';
import { inWords, phaseLooks } from './phases.ts';
import { formatDuration, formatMoment } from './time.ts';

/** The steps of a job, each with a bar for when it ran. */
export interface Timeline {
  show(job: Job, options: { readonly now: number; readonly selected: string | null }): void;
}

interface Row {
  readonly item: HTMLLIElement;
  readonly button: HTMLButtonElement;
  readonly glyph: HTMLElement;
  readonly name: HTMLElement;
  readonly state: HTMLElement;
  readonly bar: HTMLElement;
  readonly took: HTMLElement;
}

/** Makes the time line of the page; `chosen` is told the step whose hosts somebody wants to see. */
export function createTimeline(chosen: (stepInstanceId: string) => void): Timeline {
  const rows = new Map<string, Row>();
  const list = byId('steps', HTMLOListElement);
  return {
    show: (job, { now, selected }) => {
      const steps = job.steps ?? [];
      const span = spanOf(job, now);
      setText(
        byId('axis-start', HTMLSpanElement),
        formatMoment(new Date(span.from).toISOString(), new Date()),
      );
      setText(
        byId('axis-end', HTMLSpanElement),
        job.finished ? formatMoment(new Date(span.to).toISOString(), new Date()) : 'now',
      );
      for (const step of steps) {
        const id = step.stepInstanceId;
        const row =
          rows.get(id) ??
          makeRow(() => {
            chosen(id);
          });
        rows.set(id, row);
        fillRow(row, step, { span, isSelected: id === selected });
      }
      setChildren(
        list,
        steps.flatMap(({ stepInstanceId }) => rows.get(stepInstanceId)?.item ?? []),
      );
    },
  };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** From the start of the job to its end, or to now where it runs. A retried job still has its old end. */
function spanOf(job: Job, now: number): Span {
  const from = Date.parse(job.startTime ?? job.createTime ?? job.observedAt);
  const ends = (job.steps ?? []).flatMap(({ endTime }) => (endTime === null ? [] : [Date.parse(endTime)]));
  const end = job.finished && job.endTime !== null ? Date.parse(job.endTime) : now;
  return { from, to: Math.max(from + 1, end, ...ends) };
}

function makeRow(chosen: () => void): Row {
  const parts = {
    glyph: make('span', { class: 'glyph', 'aria-hidden': 'true' }),
    name: make('span', { class: 'name' }),
    state: make('span', { class: 'state' }),
    bar: make('span', { class: 'span' }),
    took: make('span', { class: 'took' }),
  };
  const track = make('span', { class: 'track', 'aria-hidden': 'true' }, parts.bar);
  const button = make(
    'button',
    { type: 'button' },
    parts.glyph,
    make('span', { class: 'what' }, parts.name, parts.state),
    parts.took,
    track,
  );
  button.addEventListener('click', chosen);
  return { ...parts, button, item: make('li', {}, button) };
}

function fillRow(
  row: Row,
  step: Step,
  { span, isSelected }: { readonly span: Span; readonly isSelected: boolean },
): void {
  const { word, glyph } = phaseLooks[step.phase];
  const times = timesOf(step, span);
  row.button.dataset['phase'] = step.phase;
  row.button.setAttribute('aria-current', isSelected ? 'step' : 'false');
  setText(row.glyph, glyph);
  setText(row.name, step.name);
  const state = inWords(step.status);
  const hosts =
    step.ipResults === null || step.ipResults.length === 0
      ? ''
      : ` · ${step.ipResults.length.toLocaleString('en')} hosts`;
  const attempt = step.executeCount > 0 ? ` · attempt ${String(step.executeCount + 1)}` : '';
  setText(row.state, `${word}${state === word ? '' : ` (${state})`}${hosts}${attempt}`);
  setText(row.took, times === null ? '' : formatDuration(times.took));
  row.bar.hidden = times === null;
  if (times === null) return;
  row.bar.style.setProperty('--from', String(times.from));
  row.bar.style.setProperty('--length', String(times.length));
}

/** Where the bar of a step lies, as parts of the whole; null before it starts. */
function timesOf(
  { startTime, endTime, totalTime, phase }: Step,
  span: Span,
): { readonly from: number; readonly length: number; readonly took: number } | null {
  if (startTime === null) return null;
  const start = Date.parse(startTime);
  const isUnderWay = phase === 'RUNNING' || phase === 'BLOCKED' || endTime === null;
  const end = isUnderWay ? span.to : Date.parse(endTime);
  const whole = span.to - span.from;
  return {
    from: (start - span.from) / whole,
    length: (end - start) / whole,
    took: isUnderWay ? end - start : (totalTime ?? end - start),
  };
}
