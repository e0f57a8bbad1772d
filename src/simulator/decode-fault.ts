import type { FaultInjection, FaultMatch, SimulatorFault } from './faults.ts';

type Members = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isTruth: Check = (value) => typeof value === 'boolean';
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isPositive: Check = (value) => isCount(value) && value !== 0;
const isStatus: Check = (value) => isCount(value) && Number(value) >= 200 && Number(value) <= 599;
const isTexts: Check = (value) => Array.isArray(value) && value.every(isText);
const isTextsByName: Check = (value) => isMembers(value) && Object.values(value).every(isText);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** Members of every fault; a kind that is not here does not exist. */
const faultMembers: Readonly<Record<SimulatorFault['kind'], Readonly<Record<string, Check>>>> = {
  delay: { ms: isCount },
  hang: {},
  reset: {},
  truncated: { chunked: optional(isTruth) },
  html: {},
  empty: { status: optional(isStatus) },
  status: { status: isStatus, body: optional(isText), headers: optional(isTextsByName) },
  'rate-limited': {
    resetSeconds: optional(isCount),
    strategy: optional((value) => value === 'resource' || value === 'stage'),
  },
  'wrong-types': { members: isTexts },
  'slow-drip': { bytesPerTick: optional(isPositive), tickMs: optional(isCount) },
  'not-json': {},
  oversized: { bytes: isCount },
  envelope: { code: isCount, message: optional(isText) },
  sample: { status: isStatus, headers: isTextsByName, body: isText },
};

const matchMembers: Readonly<Record<keyof FaultMatch, Check>> = {
  frontDoor: optional((value) => value === 'apigw-v3' || value === 'esb'),
  user: optional(isText),
  jobInstanceId: optional(isText),
  returnIpResult: optional(isTruth),
};

/** Reads an injection from JSON; what is wrong with it, in a sentence, where it is none. */
export function decodeFaultInjection(text: string): FaultInjection | string {
  const value = parse(text);
  if (!isMembers(value)) return 'The body has to be a JSON object: {"fault": {"kind": "hang"}}.';
  const { fault, match = {}, times } = value;
  if (!isFault(fault)) {
    return `fault has to be one of the kinds ${Object.keys(faultMembers).join(', ')}, each with its own members.`;
  }
  if (!isMatch(match)) {
    return `match can have these members only: ${Object.keys(matchMembers).join(', ')}; jobInstanceId is a text.`;
  }
  if (!isTimes(times)) return 'times has to be a whole number above 0.';
  return { match, fault, ...(times !== undefined && { times }) };
}

function isFault(value: unknown): value is SimulatorFault {
  if (!isMembers(value) || typeof value['kind'] !== 'string') return false;
  const { kind, ...members } = value;
  const checks = Object.entries(faultMembers).find(([known]) => known === kind)?.[1];
  return checks !== undefined && holds(members, checks);
}

function isMatch(value: unknown): value is FaultMatch {
  return isMembers(value) && holds(value, matchMembers);
}

function isTimes(value: unknown): value is number | undefined {
  return value === undefined || isPositive(value);
}

function holds(members: Members, checks: Readonly<Record<string, Check>>): boolean {
  const isKnown = Object.keys(members).every((name) => Object.hasOwn(checks, name));
  return isKnown && Object.entries(checks).every(([name, check]) => check(members[name]));
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
