import { byId, make, setText } from './dom.ts';
import { createFailures } from './failures.ts';
import { follow, type Following, type LinkState } from './follow.ts';
import { createForm, type FirstTarget } from './form.ts';
import { createHostGrid } from './host-grid.ts';
import { countPhases, currentStep, orderHosts } from './hosts.ts';
import { showJob, showTimes } from './job-card.ts';
import { changesBetween } from './journal.ts';
import { createLegend } from './legend.ts';
import type { AnswerError, Job, Step } from './model.ts';
import { serviceClock, type ServiceClock } from './time.ts';
import { createTimeline } from './timeline.ts';

interface Options {
  readonly endpoint: string;
  readonly first: FirstTarget | null;
}

const options = JSON.parse(byId('options', HTMLScriptElement).textContent) as Options;
const form = createForm(options.first);
const grid = createHostGrid();
const failures = createFailures();
const legend = createLegend(showHosts);
const timeline = createTimeline((stepInstanceId) => {
  chosenStep = stepInstanceId;
  showHosts();
  showMoment();
});

let following: Following | null = null;
let job: Job | null = null;
let clock: ServiceClock = serviceClock(new Date().toISOString(), () => performance.now());
let link: LinkState | null = null;
/** The step that somebody wants to see; otherwise the one under way is shown. */
let chosenStep: string | null = null;

function selectedStep(): Step | null {
  const steps = job?.steps ?? [];
  return steps.find(({ stepInstanceId }) => stepInstanceId === chosenStep) ?? currentStep(steps);
}

function showHosts(): void {
  const step = selectedStep();
  const hosts = step?.ipResults ?? [];
  const order = byId('order', HTMLSelectElement).value === 'phase' ? 'phase' : 'address';
  const counted = step?.ipResults === null ? 'not told' : hosts.length.toLocaleString('en');
  setText(
    byId('hosts-title', HTMLHeadingElement),
    step === null ? 'Hosts' : `Hosts of “${step.name}” (${counted})`,
  );
  legend.show(countPhases(hosts));
  grid.show(
    orderHosts(
      hosts.filter(({ phase }) => legend.isShown(phase)),
      order,
    ),
  );
}

/** What changes with time alone. */
function showMoment(): void {
  showLink();
  if (job === null) return;
  const now = clock.now();
  showTimes(job, now);
  timeline.show(job, { now, selected: selectedStep()?.stepInstanceId ?? null });
}

function takeJob(next: Job, errors: readonly AnswerError[]): void {
  const changes = changesBetween(job, next);
  if (job?.jobInstanceId !== next.jobInstanceId) byId('journal', HTMLOListElement).replaceChildren();
  job = next;
  clock = serviceClock(next.observedAt, () => performance.now());
  byId('nothing', HTMLParagraphElement).hidden = true;
  byId('shown', HTMLDivElement).hidden = false;
  showTrouble(errors[0] ?? null);
  showJob(next);
  failures.show(next);
  showHosts();
  showMoment();
  tell(changes);
}

/** Writes changes down, latest first, and says them to who cannot see them. */
function tell(changes: readonly string[]): void {
  if (changes.length === 0) return;
  const journal = byId('journal', HTMLOListElement);
  const time = new Date().toLocaleTimeString(undefined, { hourCycle: 'h23' });
  for (const change of changes)
    journal.prepend(make('li', {}, make('time', {}, time), make('span', {}, change)));
  while (journal.children.length > 100) journal.lastElementChild?.remove();
  setText(byId('announcer', HTMLParagraphElement), changes.join(' '));
}

function takeLink(state: LinkState): void {
  link = state;
  if (state.kind === 'refused') {
    stopFollowing();
    showTrouble(state.error);
  }
  showLink();
}

function showTrouble(error: AnswerError | null): void {
  const trouble = byId('trouble', HTMLParagraphElement);
  trouble.hidden = error === null;
  const code = error?.extensions?.code;
  setText(trouble, error === null ? '' : `${error.message}${code === undefined ? '' : ` (${code})`}`);
}

function linkText(state: LinkState | null): string {
  switch (state?.kind) {
    case 'connecting':
      return 'Connecting…';
    case 'live':
      return 'Live';
    case 'waiting': {
      const seconds = Math.max(1, Math.ceil((state.until - performance.now()) / 1000));
      return `Connection lost, next try in ${String(seconds)} s`;
    }
    case 'over':
      return 'Over; looks for a retry';
    case 'refused':
      return 'Ended';
    case undefined:
      return 'Not following';
  }
}

function showLink(): void {
  byId('link', HTMLParagraphElement).dataset['state'] = link?.kind ?? 'idle';
  setText(byId('link-text', HTMLSpanElement), linkText(link));
}

function stopFollowing(): void {
  following?.stop();
  following = null;
  form.setFollowing(false);
}

form.onFollow((target) => {
  following?.stop();
  chosenStep = null;
  showTrouble(null);
  form.setFollowing(true);
  following = follow(options.endpoint, target, { job: takeJob, link: takeLink });
});
form.onStop(() => {
  stopFollowing();
  link = null;
  showLink();
});
byId('order', HTMLSelectElement).addEventListener('change', showHosts);
byId('size', HTMLSelectElement).addEventListener('change', ({ target }) => {
  const { value } = target as HTMLSelectElement;
  grid.resize(value === 'fit' ? 'fit' : Number(value));
});
// Whoever comes back wants to see what is, not what the next attempt will bring.
for (const event of ['online', 'visibilitychange']) {
  (event === 'online' ? window : document).addEventListener(event, () => {
    if (!document.hidden) following?.hurry();
  });
}
setInterval(showMoment, 500);
showMoment();
form.followAddressed();
