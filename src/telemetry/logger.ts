import { inspect } from 'node:util';
import { pino, stdSerializers, type DestinationStream } from 'pino';
import { Faults } from './faults.ts';
import type { CallLine, RequestLine, TurnedAwayLine } from './log-lines.ts';

/** Where lines of the log go. Each is one JSON object. */
export interface Logger {
  readonly info: (message: string) => void;
  /** A fault of this service. What was thrown is written with its causes, names of secrets blanked out. */
  readonly fault: (thrown: unknown) => void;
  /** Writes faults at once that wait for their turn: for a process that ends within this turn. */
  readonly flushFaults: () => void;
  /** A request is over. */
  readonly request: (line: RequestLine) => void;
  /** So many requests were turned away that they are told of together. */
  readonly turnedAway: (line: TurnedAwayLine) => void;
  /** A call of bk-job is over. One that went well is of use to whoever looks for something, and written at debug. */
  readonly upstreamCall: (wentWell: boolean, line: () => CallLine) => void;
}

/** What a log is made with. */
export interface LoggerOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly destination: DestinationStream;
  /** Secrets in use at this moment, told when they are wanted: faults are without them whatever stands before them. */
  readonly secrets?: () => Iterable<string>;
}

const names = 'bk_app_secret|bk_token|bk_ticket|access_token|(?:[\w-]*-)?authorization|(?:set-)?cookie';

/**
 * Whatever stands behind one of these names is a secret: a text in quotes, however deep it is escaped, to the same
 * quote; without quotes a header to the end of its line, anything else to the next space.
 */
const secretPattern = new RegExp(
  `(${names})(\\\\*["']\\s*,\\s*|\\\\*["']?\\s*[:=]\\s*)` +
    `(?:(?<open>\\\\*["'])[^]*?(?:(?<!\\\\)\\k<open>|$)|(?<=authorization\\s*[:=]\\s*|cookie\\s*[:=]\\s*)[^\\n]+|[^\\s"']+)`,
  'gi',
);

/** What is looked through of a fault. A stack is no longer, but for that of a message which holds all that there was. */
const longestText = 10_000;

/** Makes the log. Nothing that the service does hands it a secret; the blanking is for what libraries throw. */
export function createLogger({ level, destination, secrets = () => [] }: LoggerOptions): Logger {
  const timestamp = createTimestamp();
  const log = pino({ level, base: null, timestamp }, destination);
  const lineOf = (number: number | undefined, line: object, message: string): string =>
    `{"level":${String(number)}${timestamp()},${JSON.stringify(line).slice(1, -1)},"msg":"${message}"}\n`;
  const faults = new Faults({
    secrets,
    write: ({ type, stack, message }, times) => {
      log.error(times === 1 ? { type, stack } : { type, stack, times }, message);
    },
    untold: (count) => {
      log.error({ count }, 'faults that are not told');
    },
  });
  return {
    info: (message) => {
      log.info(message);
    },
    fault: (thrown) => {
      if (!log.isLevelEnabled('error')) return;
      const error = thrown instanceof Error ? thrown : new Error(inspect(thrown));
      const { type, stack } = stdSerializers.err(error);
      const clean = (text: string): string => withoutSecrets(text.slice(0, longestText));
      faults.note({
        type,
        stack: clean(stack),
        message: clean(`${error.message}${describeCauses(error)}`),
      });
    },
    flushFaults: () => {
      faults.flushNow();
    },
    request: (line) => {
      // As pino would write it, which looks at each member by itself: there is one such line for every request.
      if (log.isLevelEnabled('info')) destination.write(lineOf(log.levels.values['info'], line, 'request'));
    },
    turnedAway: (line) => {
      log.info(line, 'requests turned away');
    },
    upstreamCall: (wentWell, line) => {
      const level = wentWell ? 'debug' : 'info';
      if (log.isLevelEnabled(level)) log[level](line(), 'upstream call');
    },
  };
}

/** The time of a line. Within a millisecond it is the same text. */
function createTimestamp(): () => string {
  let millisecond = 0;
  let text = '';
  return () => {
    const now = Date.now();
    if (now !== millisecond) {
      millisecond = now;
      text = `,"time":"${new Date(now).toISOString()}"`;
    }
    return text;
  };
}

/** The text with what stands behind the name of a secret blanked out. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(secretPattern, '$1$2[secret]');
}

/** The causes in turn; a chain may be a ring. */
function describeCauses(error: Error): string {
  const known = new Set<unknown>([error]);
  let text = '';
  for (let { cause } = error; cause !== undefined && !known.has(cause);) {
    known.add(cause);
    text += cause instanceof Error ? ` (${cause.name}: ${cause.message})` : ` (${inspect(cause)})`;
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return text;
}
