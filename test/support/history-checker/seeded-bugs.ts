import { toFrame, type Frame, type Frames } from '../../../src/execution/subscriptions/frame.ts';
import { payloadOf } from '../live/frame-payload.ts';
import type { Violation } from './check-history.ts';

/** A way for streams to break a promise, and the promise by which it has to be noticed. */
export interface SeededBug {
  readonly name: string;
  readonly promise: Violation['promise'];
  readonly spoil: (frames: Frames) => Frames;
}

/** Changes the messages of a stream one by one: each becomes several, one or none. */
function changing(change: (frame: Frame, before: Frame | null) => readonly Frame[]): SeededBug['spoil'] {
  return (frames) => {
    const waiting: Frame[] = [];
    let before: Frame | null = null;
    return {
      next: async () => {
        for (;;) {
          const ready = waiting.shift();
          if (ready !== undefined) return { done: false, value: ready };
          const { done, value } = await frames.next();
          if (done === true) return { done: true, value: undefined };
          waiting.push(...change(value, before));
          before = value;
        }
      },
      return: () => frames.return?.() ?? Promise.resolve({ done: true, value: undefined }),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  };
}

function retold(frame: Frame, change: (job: Readonly<Record<string, unknown>>) => object): Frame {
  const job = payloadOf(frame).data?.['jobInstanceUpdated'] as Readonly<Record<string, unknown>>;
  return toFrame({ data: { jobInstanceUpdated: { ...job, ...change(job) } } }, frame);
}

/** Streams that are wrong, each in one way. */
export const seededBugs: readonly SeededBug[] = [
  {
    name: 'the last message is lost',
    promise: 'end missed',
    spoil: changing((frame) => (frame.isLast ? [] : [frame])),
  },
  {
    name: 'the last message comes twice',
    promise: 'end doubled',
    spoil: changing((frame) => (frame.isLast ? [frame, frame] : [frame])),
  },
  {
    name: 'a message comes after one that is newer',
    promise: 'backwards',
    spoil: changing((frame, before) => (before === null || frame.isLast ? [frame] : [frame, before])),
  },
  {
    name: 'a message tells a state that never was',
    promise: 'invented',
    spoil: changing((frame) => [retold(frame, ({ name }) => ({ name: `${String(name)}9999` }))]),
  },
  {
    name: 'a running job is told to be over',
    promise: 'invented',
    spoil: changing((frame) => [frame.isLast ? frame : retold(frame, () => ({ finished: true }))]),
  },
  {
    name: "a message tells what another caller's read told",
    promise: 'of another',
    spoil: changing((frame) => [
      retold(frame, ({ name }) => ({
        name: String(name).replace(/^\w+/, (who) => (who === 'bob' ? 'alice' : 'bob')),
      })),
    ]),
  },
  {
    name: 'something comes after the last message',
    promise: 'after the end',
    spoil: changing((frame) =>
      frame.isLast ? [frame, retold(frame, () => ({ finished: false }))] : [frame],
    ),
  },
  {
    name: 'a stream goes on for ever',
    promise: 'never completed',
    spoil: (frames) => ({
      next: async () => {
        const result = await frames.next();
        return result.done === true ? new Promise(() => undefined) : result;
      },
      return: () => frames.return?.() ?? Promise.resolve({ done: true, value: undefined }),
      [Symbol.asyncIterator]() {
        return this;
      },
    }),
  },
];
