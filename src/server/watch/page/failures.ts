import { byId, make, setText } from './dom.ts';
import { hostsOfGroup, nameHost } from './hosts.ts';
import type { FailureGroup, Job } from './model.ts';
import { inWords, phaseLooks } from './phases.ts';

/** The table of hosts that went wrong alike. */
export interface Failures {
  show(job: Job): void;
}

/** Makes the table of the page. A group that somebody has opened stays open while messages come. */
export function createFailures(): Failures {
  const place = byId('failures', HTMLDivElement);
  const open = new Set<string>();
  let shown = '';
  return {
    show: (job) => {
      const groups = job.ipResultGroups ?? [];
      const text = JSON.stringify([groups, job.ipResultGroups === null, job.steps?.map(({ name }) => name)]);
      // Not made anew where nothing changed: somebody may be selecting addresses in it.
      if (text === shown) return;
      shown = text;
      const focused = document.activeElement?.id;
      place.replaceChildren(groups.length === 0 ? nothingWrong(job) : makeTable(job, groups, open));
      if (focused?.startsWith('group-') === true) document.getElementById(focused)?.focus();
    },
  };
}

function nothingWrong(job: Job): HTMLElement {
  const text =
    job.ipResultGroups === null
      ? 'bk-job does not tell the hosts of this job.'
      : job.finished
        ? 'No host failed.'
        : 'No host has failed so far.';
  return make('p', { class: 'quiet' }, text);
}

function makeTable(job: Job, groups: readonly FailureGroup[], open: Set<string>): HTMLElement {
  const head = ['Hosts', 'Step', 'How', 'Exit code', 'Tag', ''].map((title, index) =>
    make(
      'th',
      { scope: 'col' },
      ...(index === 5 ? [make('span', { class: 'unseen' }, 'Addresses')] : [title]),
    ),
  );
  return make(
    'table',
    { class: 'groups' },
    make('caption', { class: 'unseen' }, 'Hosts that failed or were stopped, those that are alike together'),
    make('thead', {}, make('tr', {}, ...head)),
    make('tbody', {}, ...groups.flatMap((group) => makeRows(job, group, open))),
  );
}

function makeRows(job: Job, group: FailureGroup, open: Set<string>): readonly HTMLElement[] {
  const key = [group.step?.stepInstanceId, group.status, group.exitCode, group.tag].join(' ');
  const id = `group-${key.replace(/[^\w-]+/g, '_')}`;
  const details = make('tr', { id: `${id}-addresses`, class: 'addresses' });
  const toggle = make('button', { type: 'button', id, 'aria-controls': details.id }, 'Addresses');
  toggle.setAttribute(
    'aria-label',
    `Addresses of ${String(group.count)} ${group.count === 1 ? 'host' : 'hosts'}, ${howOf(group)}`,
  );
  const set = (isOpen: boolean): void => {
    toggle.setAttribute('aria-expanded', String(isOpen));
    details.hidden = !isOpen;
    if (isOpen && details.childElementCount === 0) details.append(makeAddresses(job, group));
  };
  toggle.addEventListener('click', () => {
    if (!open.delete(key)) open.add(key);
    set(open.has(key));
  });
  set(open.has(key));
  const { glyph } = phaseLooks[group.phase ?? 'UNRECOGNIZED'];
  const row = make(
    'tr',
    {},
    make('td', { class: 'number' }, group.count.toLocaleString('en')),
    make('td', {}, group.step?.name ?? ''),
    make(
      'td',
      {},
      make('span', { class: 'glyph', 'data-phase': group.phase ?? '', 'aria-hidden': 'true' }, glyph),
      howOf(group),
    ),
    make('td', { class: 'number' }, group.exitCode === null ? '–' : String(group.exitCode)),
    make('td', {}, group.tag === null || group.tag === '' ? '–' : group.tag),
    make('td', { class: 'act' }, toggle),
  );
  return [row, details];
}

function howOf({ status, statusCode }: FailureGroup): string {
  return status === null || status === 'UNRECOGNIZED' ? `code ${String(statusCode)}` : inWords(status);
}

function makeAddresses(job: Job, group: FailureGroup): HTMLElement {
  const hosts = hostsOfGroup(job, group);
  const text = make('textarea', {
    readonly: '',
    rows: String(Math.min(8, Math.max(2, hosts.length))),
    'aria-label': 'Addresses, one a line',
    spellcheck: 'false',
  });
  text.value = hosts.map(({ ip, bkHostId, ...host }) => ip ?? nameHost({ ip, bkHostId, ...host })).join('\n');
  const copy = make('button', { type: 'button' }, 'Copy');
  const copied = make('span', { role: 'status' });
  copy.addEventListener('click', () => {
    text.select();
    void copyText(text.value).then((done) => {
      setText(copied, done ? `${String(hosts.length)} copied.` : 'Selected: copy them with Ctrl+C.');
    });
  });
  return make('td', { colspan: '6' }, text, copy, copied);
}

/** False where the browser gives no clipboard to pages like this one, as over plain HTTP. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
