import type { WireObject, WireValue } from './json.ts';
import type { MemberName } from './member-names.ts';
import { WireFormatError } from './wire-format-error.ts';

/** Readers of members of the wire's JSON. Each throws `WireFormatError` where the member is not what it must be. */

const maxInt32 = 2 ** 31 - 1;

const javaLong = /^(?:0|-?[1-9]\d{0,18})$/;

/** A `DateTime` has a year of four digits (RFC 3339): milliseconds since 1970 of the first one and of the last. */
const minInstant = Date.parse('0000-01-01T00:00:00.000Z');
const maxInstant = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether a value is a JSON object. */
export function isWireObject(value: WireValue | undefined): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of its own, never one that the object inherits; null where it is absent. */
export function memberOf(object: WireObject, member: MemberName): WireValue {
  return Object.hasOwn(object, member) ? (object[member] ?? null) : null;
}

export function readObject(object: WireObject, member: MemberName): WireObject {
  const value = memberOf(object, member);
  return isWireObject(value) ? value : unfit(member, 'an object');
}

/** A list of objects; null where it is null or absent. */
export function readObjects(object: WireObject, member: MemberName): readonly WireObject[] | null {
  const value = memberOf(object, member);
  if (value === null) return null;
  if (!isList(value)) return unfit(member, 'a list');
  return value.every(isWireObject) ? value : unfit(member, 'a list of objects');
}

export function readBoolean(object: WireObject, member: MemberName): boolean {
  const value = memberOf(object, member);
  return typeof value === 'boolean' ? value : unfit(member, 'true or false');
}

export function readText(object: WireObject, member: MemberName): string {
  return readOptionalText(object, member) ?? unfit(member, 'a text');
}

export function readOptionalText(object: WireObject, member: MemberName): string | null {
  const value = memberOf(object, member);
  return value === null || typeof value === 'string' ? value : unfit(member, 'a text');
}

/** A Java int: what GraphQL's Int holds. */
export function readInt(object: WireObject, member: MemberName): number {
  return readOptionalInt(object, member) ?? unfit(member, 'a 32-bit number');
}

export function readOptionalInt(object: WireObject, member: MemberName): number | null {
  const value = memberOf(object, member);
  if (value === null) return null;
  return isWhole(value) && value >= -maxInt32 - 1 && value <= maxInt32
    ? value
    : unfit(member, 'a 32-bit number');
}

/** A Java long as text, digit by digit, whether it was sent as a number or as text. */
export function readId(object: WireObject, member: MemberName): string {
  return readOptionalId(object, member) ?? unfit(member, 'an id');
}

export function readOptionalId(object: WireObject, member: MemberName): string | null {
  const value = memberOf(object, member);
  if (value === null) return null;
  if (isWhole(value)) return String(value);
  const text = typeof value === 'bigint' ? String(value) : value;
  return typeof text === 'string' && javaLong.test(text) ? text : unfit(member, 'an id');
}

/** Milliseconds since 1970; null also for 0, which bk-job writes where it has no time (schema.md 4). */
export function readInstant(object: WireObject, member: MemberName): number | null {
  const value = memberOf(object, member);
  if (value === null || value === 0) return null;
  return isWhole(value) && isInstant(value) ? value : unfit(member, 'a time');
}

/** Whether a number of milliseconds since 1970 can be told as a time. */
export function isInstant(milliseconds: number): boolean {
  return milliseconds >= minInstant && milliseconds <= maxInstant;
}

/** Milliseconds; 0 is a duration like any other (upstream contract 2.2). */
export function readDuration(object: WireObject, member: MemberName): number | null {
  const value = memberOf(object, member);
  return value === null || isWhole(value) ? value : unfit(member, 'a duration');
}

function isWhole(value: WireValue): value is number {
  return Number.isSafeInteger(value);
}

/** Whether a value is a JSON list. */
export function isList(value: WireValue | undefined): value is readonly WireValue[] {
  return Array.isArray(value);
}

function unfit(member: MemberName, expected: string): never {
  throw new WireFormatError(`${member} is not ${expected}.`);
}
