import type { FastifyInstance } from 'fastify';
import { JobApiError } from '../domain/errors.ts';
import { Linked, LinkedList } from '../memory/linked-list.ts';
import { Refusal } from './refusals.ts';

/** What answers may take while they wait for their clients. */
export interface UntakenLimits {
  /** Bytes of all answers that wait at a time. */
  readonly maxBytes: number;
  /** Milliseconds in which a client has to take `bytesInTime` of an answer, and to begin with it. */
  readonly timeout: number;
}

/** An answer that was handed to its connection, as far as it is asked. */
export interface HandedAnswer {
  /** Bytes that have not left the process. What is written in one piece counts whole until all of it has. */
  readonly writableLength: number;
  /** Null while other answers go out before it. */
  readonly socket: object | null;
  readonly req: { readonly socket: AnsweredConnection };
  once(event: 'close', listener: () => void): unknown;
}

/** The connection of an answer. */
export interface AnsweredConnection {
  readonly destroyed: boolean;
  destroy(): unknown;
}

/** By which a connection leads to its answers that wait, of which there are few: thousands may wait on others. */
const waitingHere = Symbol('answers that wait');

interface CountedConnection extends AnsweredConnection {
  [waitingHere]?: UntakenAnswer[];
}

/** What waits for one caller. */
interface Waiting {
  bytes: number;
  /** The one that was handed over first in front. */
  readonly answers: LinkedList<UntakenAnswer>;
}

/** One caller's part, as that of all that streams were asked for by (`BKJOB_GQL__SUBSCRIPTION__MAX_ASKED_BYTES`). */
const callerShare = 1 / 4;

/**
 * From so much of that share on no operations with hosts begin: to make an answer that there is no room for costs as
 * much as one that is sent.
 */
const behindShare = 3 / 4;

/** Answers of fewer bytes are handed over whoever they are for: a client that takes them should be told how a job is. */
const smallAnswer = 64 * 1024;

/** What a client has to take in the time in which it must take something: 17 kB a second of the 30 seconds there are. */
export const bytesInTime = 512 * 1024;

/** How many times clients are looked after in the time that they have. */
const looks = 5;

/** When to ask again, milliseconds. */
const retryAfter = 1000;

/** Made once: whoever takes nothing may ask often. */
const tooMuchWaits = new JobApiError(
  'RATE_LIMITED',
  'Too much of your answers waits to be taken; take it, and ask again.',
  { retryAfter },
);

/**
 * Counts the bytes of answers that wait in this process for clients who are slow to take them, or do not at all. By then
 * nothing else counts them: an operation has given its place and its hosts back when its answer is there, and on each of
 * a caller's connections sixteen may wait. A caller gets no more large ones while too much waits for him, and where too
 * much waits for all, whoever most waits for loses a connection; so nobody's answer is cut but where all are behind. An
 * answer that its client takes too slowly is cut as well, however little of it is taken now and then.
 *
 * Answers that the operating system takes at once are not looked at again, which nearly all are. Streams have rules of
 * their own and do not come here; who asks for more on the connection of a stream than on any other loses both.
 */
export class UntakenAnswers {
  readonly #limits: UntakenLimits;
  readonly #now: () => number;
  readonly #byCaller = new Map<string, Waiting>();
  #bytes = 0;
  /** How many answers these are of. */
  #count = 0;

  constructor(limits: UntakenLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Throws RATE_LIMITED, by the account of a caller for whom so much waits that no large answer should be begun. */
  assertNotBehind(account: string | null): void {
    if (this.#bytesOf(account) >= this.#share * behindShare) throw tooMuchWaits;
  }

  /** Throws a refusal where an answer of so many bytes would be too much for a caller; one alone never is. */
  assertRoomFor(account: string | null, bytes: number): void {
    if (bytes < smallAnswer) return;
    const ofCaller = this.#bytesOf(account);
    if (ofCaller > 0 && ofCaller + bytes > this.#share) throw new Refusal(429, tooMuchWaits);
  }

  /** An answer was handed to its connection, all of it. What of it waits counts until its client has it or has left. */
  handedOver(account: string | null, answer: HandedAnswer): void {
    const bytes = answer.writableLength;
    // Of a connection that has ended nothing more is told.
    if (bytes === 0 || answer.req.socket.destroyed) return;
    const untaken = new UntakenAnswer(answer, { caller: account ?? nobody, bytes, since: this.#now() });
    this.#remember(untaken);
    answer.once('close', () => {
      this.#forget(untaken);
    });
    while (this.#bytes > this.#limits.maxBytes && this.#count > 1) this.#endGreediest();
  }

  /** Ends connections whose clients are slower than they may be. To be called several times within the time. */
  endSlow(): void {
    const now = this.#now();
    for (const untaken of this.#all()) {
      if (untaken.answer.socket === null) untaken.since = now;
      else if (now - untaken.since > this.#timeFor(untaken)) this.#end(untaken.connection);
    }
  }

  get #share(): number {
    return this.#limits.maxBytes * callerShare;
  }

  /** Of those who did not sign in one is not told from another, and none is refused for what others do not take. */
  #bytesOf(account: string | null): number {
    return account === null ? 0 : (this.#byCaller.get(account)?.bytes ?? 0);
  }

  #timeFor({ bytes }: UntakenAnswer): number {
    return this.#limits.timeout * (1 + bytes / bytesInTime);
  }

  /** The connection that has been waited for longest, of the caller for whom most waits. */
  #endGreediest(): void {
    let greediest: Waiting | null = null;
    for (const waiting of this.#byCaller.values()) {
      if (greediest === null || waiting.bytes > greediest.bytes) greediest = waiting;
    }
    const longest = greediest?.answers.first ?? null;
    if (longest !== null) this.#end(longest.connection);
  }

  /** Its answers count no more at once: to be told of their end takes turns of the event loop. */
  #end(connection: CountedConnection): void {
    for (const untaken of [...(connection[waitingHere] ?? [])]) this.#forget(untaken);
    connection.destroy();
  }

  /** All that wait by now, whatever becomes of them while they are gone through. */
  #all(): readonly UntakenAnswer[] {
    return Array.from(this.#byCaller.values(), ({ answers }) => [...answers]).flat();
  }

  #remember(untaken: UntakenAnswer): void {
    const { caller, connection, bytes } = untaken;
    const waiting = this.#byCaller.get(caller) ?? { bytes: 0, answers: new LinkedList() };
    this.#byCaller.set(caller, waiting);
    waiting.answers.add(untaken);
    waiting.bytes += bytes;
    const onConnection = connection[waitingHere] ?? [];
    connection[waitingHere] = onConnection;
    onConnection.push(untaken);
    this.#bytes += bytes;
    this.#count += 1;
  }

  #forget(untaken: UntakenAnswer): void {
    const { caller, connection, bytes } = untaken;
    const waiting = this.#byCaller.get(caller);
    if (waiting?.answers.delete(untaken) !== true) return;
    waiting.bytes -= bytes;
    if (waiting.answers.size === 0) this.#byCaller.delete(caller);
    const onConnection = connection[waitingHere] ?? [];
    onConnection.splice(onConnection.indexOf(untaken), 1);
    this.#bytes -= bytes;
    this.#count -= 1;
  }
}

/** Counts what waits for the clients of a server, and looks after them until it is closed. */
export function countUntaken(app: FastifyInstance, limits: UntakenLimits): UntakenAnswers {
  const untaken = new UntakenAnswers(limits, () => performance.now());
  const look = (): void => {
    untaken.endSlow();
  };
  const timer = setInterval(look, Math.ceil(limits.timeout / looks)).unref();
  app.addHook('onClose', (_app, done) => {
    clearInterval(timer);
    done();
  });
  return untaken;
}

/** All who did not sign in, of whom the process has enough as of one caller. */
const nobody = '';

class UntakenAnswer extends Linked<UntakenAnswer> {
  readonly answer: HandedAnswer;
  readonly caller: string;
  readonly bytes: number;
  /** Since when its client could have taken something of it, as far as that was looked at. */
  since: number;

  constructor(
    answer: HandedAnswer,
    { caller, bytes, since }: Pick<UntakenAnswer, 'caller' | 'bytes' | 'since'>,
  ) {
    super();
    this.answer = answer;
    this.caller = caller;
    this.bytes = bytes;
    this.since = since;
  }

  get connection(): CountedConnection {
    return this.answer.req.socket;
  }
}
