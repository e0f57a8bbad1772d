import { isIP } from 'node:net';
import { z } from 'zod';

/** Types of values as they stand in a file or in the environment, where everything is text. */

const durationUnits = { ms: 1, s: 1000, m: 60_000 } as const;
const sizeUnits = { B: 1, KiB: 1024, MiB: 1024 ** 2 } as const;

/** Milliseconds, or a text such as `500ms`, `3s`, `2m`. */
export function duration(options: { readonly min: number; readonly max: number }) {
  return measured(durationUnits, 'a duration such as 500ms or 3s', options);
}

/** Bytes, or a text such as `64KiB`, `32MiB`. */
export function size(options: { readonly min: number; readonly max: number }) {
  return measured(sizeUnits, 'a size such as 64KiB or 32MiB', options);
}

function measured(
  units: Readonly<Record<string, number>>,
  what: string,
  { min, max }: { readonly min: number; readonly max: number },
) {
  const pattern = new RegExp(`^(\\d{1,12})\\s*(${Object.keys(units).join('|')})?$`);
  return z.union([z.number(), z.string()], `must be ${what}`).transform((value, context) => {
    const [, digits = '', unit = ''] = pattern.exec(String(value)) ?? [];
    const amount = digits === '' ? Number.NaN : Number(digits) * (units[unit] ?? 1);
    if (amount >= min && amount <= max) return amount;
    context.addIssue(`must be ${what}, from ${String(min)} to ${String(max)} as a plain number`);
    return z.NEVER;
  });
}

/** A whole number, as a number or as digits. */
export function whole({ min, max }: { readonly min: number; readonly max: number }) {
  const expected = `must be a whole number from ${String(min)} to ${String(max)}`;
  return z
    .union([z.number(), z.string().regex(/^\d{1,15}$/, expected)], expected)
    .transform((value, context) => {
      const number = Number(value);
      if (Number.isInteger(number) && number >= min && number <= max) return number;
      context.addIssue(expected);
      return z.NEVER;
    });
}

/** On or off: true and false, as YAML writes them or as text. */
export function onOff() {
  return z
    .union([z.boolean(), z.enum(['true', 'false', 'on', 'off'])], 'must be true or false')
    .transform((value) => value === true || value === 'true' || value === 'on');
}

/** A code or a secret, which goes into headers and JSON as it is. */
export function credential() {
  return z
    .string('must be a text')
    .regex(/^[\x21-\x7e]{1,4096}$/, 'must be a text of visible ASCII characters, 4096 at most');
}

/** A text that is not empty. */
export function text() {
  return z.string('must be a text').regex(/^[^\r\n\0]+$/, 'must be a text of one line');
}

/** An address of a machine, or the name of one. */
export function host() {
  const expected = 'must be an address such as 127.0.0.1 or ::1, or the name of one';
  return text().pipe(z.string().refine((value) => isIP(value) !== 0 || /^[\w.-]+$/.test(value), expected));
}

/** An address and a port to listen on, such as `127.0.0.1:9090` or `[::1]:0`; null where it is `off`. */
export function listenAddress() {
  const expected = 'must be an address and a port such as 127.0.0.1:9090, or off';
  // In a file it may be written without quotes, as false, too.
  return z.union([z.string(), z.literal(false)], expected).transform((value, context) => {
    if (value === false || value === 'off' || value === 'false') return null;
    const [, ipv6, name = '', port = ''] = /^(?:\[([\da-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(value) ?? [];
    if (port !== '' && Number(port) <= 65_535) return { host: ipv6 ?? name, port: Number(port) };
    context.addIssue(expected);
    return z.NEVER;
  });
}

/** A path of a URL below the origin. A part of it begins with no dot: clients take `.` and `..` out of addresses. */
export function urlPath() {
  return z
    .string('must be a path')
    .regex(/^(?:\/|(?:\/[\w-][\w.-]*)+)$/, 'must be a path such as /graphql, of letters, digits, _ - and .');
}

/** An address over http or https, without credentials, query or fragment; a slash at its end is dropped. */
export function httpUrl() {
  return z.string('must be an http or https address').transform((value, context) => {
    const url = parseHttpUrl(value);
    if (url !== null && !/[?#]/.test(value)) return url.href.replace(/\/+$/, '');
    context.addIssue('must be an http or https address without credentials, query or fragment');
    return z.NEVER;
  });
}

/** Address of a page that people open: with query and fragment, if need be. */
export function pageUrl() {
  return z.string('must be an http or https address').transform((value, context) => {
    const url = parseHttpUrl(value);
    if (url !== null) return url.href;
    context.addIssue('must be an http or https address without credentials');
    return z.NEVER;
  });
}

function parseHttpUrl(value: string): URL | null {
  const url =
    /^https?:\/\/[^\s\\/?#@]+(?:[/?#][^\s\\]*)?$/i.test(value) && URL.canParse(value) ? new URL(value) : null;
  return url?.username === '' && url.password === '' ? url : null;
}

/** Origins as browsers send them: a list, or a text with commas between. */
export function origins() {
  return z
    .union([z.array(z.string()), z.string()], 'must be a list of origins')
    .transform((value) => (typeof value === 'string' ? value.split(',').map((one) => one.trim()) : value))
    .refine(
      (list) => list.every((origin) => !origin.includes('*') && parseHttpUrl(origin)?.origin === origin),
      'must be origins such as https://cmdb.example.com, exactly as browsers send them',
    );
}
