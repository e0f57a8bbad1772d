import type {
  JobApiPermission,
  JobApiPermissionAction,
  JobApiPermissionResource,
} from '../../domain/errors.ts';
import { isList, isWireObject, memberOf } from './members.ts';
import type { WireObject, WireValue } from './json.ts';
import type { MemberName } from './member-names.ts';
import { shownText, type HoldsSecret } from './shown-text.ts';

/** What a permission is read with. */
export interface PermissionOptions {
  /** Page to apply at. */
  readonly applyUrl: string | null;
  readonly holdsSecret: HoldsSecret;
}

/** So much is a help to whoever applies; what is beyond would be an answer of any size that nobody asked for. */
const maxListed = 20;
const maxLength = 200;

/** So many entries of a list are looked at, and of all lists together, for those that are told. */
const maxLookedAt = 100;
const maxLookedAtOfAll = 1000;

/** What a permission is read with, and how much of it may still be looked at. */
interface Reading {
  readonly holdsSecret: HoldsSecret;
  left: number;
}

/**
 * The permission object of a denial (upstream contract 3.6); null where it is not one: what is missing is a help to
 * the caller, so a fault in it must not hide the denial itself. bk-job sends no address to apply at.
 */
export function decodePermission(value: WireValue, options: PermissionOptions): JobApiPermission | null {
  if (!isWireObject(value)) return null;
  const { applyUrl, holdsSecret } = options;
  const systemId = idOf(value, 'system_id', holdsSecret);
  if (systemId === null) return null;
  const reading: Reading = { holdsSecret, left: maxLookedAtOfAll };
  const actions = firstOf(listOf(value, 'actions'), reading, (action) => decodeAction(action, reading));
  return { systemId, actions, applyUrl };
}

function decodeAction(action: WireValue, reading: Reading): JobApiPermissionAction | null {
  if (!isWireObject(action)) return null;
  const { holdsSecret } = reading;
  const id = idOf(action, 'id', holdsSecret);
  if (id === null) return null;
  const resources = firstOf(placesOf(action), reading, (place) => decodeResource(place, holdsSecret));
  return { id, name: nameOf(action, holdsSecret) ?? id, resources };
}

interface Place {
  readonly related: WireObject;
  readonly path: WireValue;
}

function* placesOf(action: WireObject): Generator<Place> {
  for (const related of listOf(action, 'related_resource_types')) {
    if (!isWireObject(related)) continue;
    for (const path of listOf(related, 'instances')) yield { related, path };
  }
}

/** Each instance is a path from the outermost thing inwards; the last one is what the permission is needed on. */
function decodeResource({ related, path }: Place, holdsSecret: HoldsSecret): JobApiPermissionResource | null {
  const last = isList(path) ? path.at(-1) : undefined;
  if (!isWireObject(last)) return null;
  const id = idOf(last, 'id', holdsSecret);
  if (id === null) return null;
  const type = idOf(last, 'type', holdsSecret) ?? idOf(related, 'type', holdsSecret);
  return type === null ? null : { type, id, name: nameOf(last, holdsSecret) };
}

/** The first that are something. */
function firstOf<From, To>(
  list: Iterable<From>,
  reading: Reading,
  decode: (from: From) => To | null,
): readonly To[] {
  const decoded: To[] = [];
  for (const from of list) {
    if (reading.left === 0 || decoded.length === maxListed) break;
    reading.left -= 1;
    const to = decode(from);
    if (to !== null) decoded.push(to);
  }
  return decoded;
}

function listOf(object: WireObject, member: MemberName): readonly WireValue[] {
  const value = memberOf(object, member);
  return isList(value) ? value.slice(0, maxLookedAt) : [];
}

function nameOf(object: WireObject, holdsSecret: HoldsSecret): string | null {
  const text = textOf(object, 'name');
  return text === null ? null : shownText(text, { maxLength, holdsSecret });
}

/** A part of an id would be the id of something else. */
function idOf(object: WireObject, member: MemberName, holdsSecret: HoldsSecret): string | null {
  const text = textOf(object, member);
  return text === null || text.length > maxLength || holdsSecret(text) ? null : text;
}

function textOf(object: WireObject, member: MemberName): string | null {
  const value = memberOf(object, member);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' ? value : null;
}
