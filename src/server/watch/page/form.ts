import { byId, setText } from './dom.ts';
import type { Target } from './model.ts';

/** What the service fills in: nothing but for its own demonstration. */
export interface FirstTarget {
  readonly scopeKind: string;
  readonly scopeId: string;
  readonly jobInstanceId: string;
  readonly token: string;
}

/** The form. What somebody signs in with stays in its field. */
export interface Form {
  onFollow(follow: (target: Target) => void): void;
  onStop(stop: () => void): void;
  setFollowing(isFollowing: boolean): void;
  /** Follows at once where the address says which job, as a link from somewhere else does. */
  followAddressed(): void;
}

const identifier = /^[1-9]\d{0,18}$/;

/** Makes the form of the page work. */
export function createForm(first: FirstTarget | null): Form {
  const form = byId('form', HTMLFormElement);
  const button = byId('follow', HTMLButtonElement);
  let isFollowing = false;
  let follow = (_target: Target): void => undefined;
  let stop = (): void => undefined;
  const isAddressed = fillIn(first);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (isFollowing) {
      stop();
      return;
    }
    const target = read();
    if (target === null) return;
    writeAddress(target);
    follow(target);
  });
  return {
    onFollow: (listener) => (follow = listener),
    onStop: (listener) => (stop = listener),
    setFollowing: (now) => {
      isFollowing = now;
      setText(button, now ? 'Stop' : 'Follow');
      for (const field of form.querySelectorAll('input, select')) field.toggleAttribute('disabled', now);
    },
    followAddressed: () => {
      if (isAddressed) form.requestSubmit();
    },
  };
}

/** What the form says; null where it cannot be, which is said then. */
function read(): Target | null {
  const scopeId = byId('scope-id', HTMLInputElement);
  const job = byId('job-id', HTMLInputElement);
  const wrong = [scopeId, job].find(({ value }) => !identifier.test(value.trim()));
  for (const field of [scopeId, job])
    field.setAttribute('aria-invalid', String(!identifier.test(field.value.trim())));
  const fault =
    wrong === scopeId ? 'The scope id is a number, such as 2.' : 'The job is a number, such as 20000000002.';
  setText(byId('form-fault', HTMLParagraphElement), wrong === undefined ? '' : fault);
  if (wrong !== undefined) {
    wrong.focus();
    return null;
  }
  const proof = byId('proof', HTMLInputElement).value;
  const tenant = byId('tenant', HTMLInputElement).value.trim();
  return {
    scopeKind: byId('scope-kind', HTMLSelectElement).value,
    scopeId: scopeId.value.trim(),
    jobInstanceId: job.value.trim(),
    headers: {
      ...(proof !== '' && {
        'X-Bkapi-Authorization': JSON.stringify({ [byId('proof-kind', HTMLSelectElement).value]: proof }),
      }),
      ...(tenant !== '' && { 'X-Bk-Tenant-Id': tenant }),
    },
  };
}

/** Fills the form from the address, else with the demonstration. Tells whether the address named a job. */
function fillIn(first: FirstTarget | null): boolean {
  const address = new URLSearchParams(location.hash.slice(1));
  const kinds = ['bkBizId', 'bkBizSetId', 'bkTenantSetId'];
  const kind = kinds.find((name) => address.has(name));
  const job = address.get('job');
  byId('scope-kind', HTMLSelectElement).value = kind ?? first?.scopeKind ?? 'bkBizId';
  byId('scope-id', HTMLInputElement).value = address.get(kind ?? '') ?? first?.scopeId ?? '';
  byId('job-id', HTMLInputElement).value = job ?? first?.jobInstanceId ?? '';
  byId('proof', HTMLInputElement).value = first?.token ?? '';
  return kind !== undefined && job !== null;
}

/** The part of an address behind # is sent to nobody; it holds which job, and never as whom. */
function writeAddress({ scopeKind, scopeId, jobInstanceId }: Target): void {
  history.replaceState(
    null,
    '',
    `#${String(new URLSearchParams({ [scopeKind]: scopeId, job: jobInstanceId }))}`,
  );
}
