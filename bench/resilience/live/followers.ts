import { WebSocket } from 'ws';
import { monotonicMs } from './monotonic-ms.ts';

/** What a trial tells a process of followers. */
export type FollowersOrder =
  | {
      readonly kind: 'open';
      readonly url: string;
      readonly sockets: number;
      readonly streams: number;
      readonly stuck: number;
    }
  | { readonly kind: 'report' };

/** What a process of followers tells. */
export type FollowersReport =
  | { readonly kind: 'opened' }
  | {
      readonly kind: 'received';
      /** For each event the moments at which followers were told of it. */
      readonly events: Readonly<Record<number, readonly number[]>>;
      /** Sockets that were closed, but those that never read. */
      readonly closedOthers: number;
      /** Streams that were refused when they began, and asked for again later. */
      readonly refused: number;
    };

if (process.send !== undefined) listen((report) => process.send?.(report));

const init = JSON.stringify({
  type: 'connection_init',
  payload: { 'X-Bkapi-Authorization': '{"bk_token":"alice"}' },
});
const query =
  'subscription { jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "42") { name phase steps { name phase } } }';

const subscribe = (id: string): string => JSON.stringify({ id, type: 'subscribe', payload: { query } });

/** What followers of one process are told, all together. */
interface Log {
  readonly events: Record<number, number[]>;
  closedOthers: number;
  refused: number;
}

function listen(report: (report: FollowersReport) => void): void {
  const log: Log = { events: {}, closedOthers: 0, refused: 0 };
  process.on('message', (order: FollowersOrder) => {
    if (order.kind === 'report') {
      report({ kind: 'received', ...log });
      return;
    }
    void openAll(order, log).then(() => {
      report({ kind: 'opened' });
    });
  });
}

/** How many are being opened at a time. */
const opening = 50;

async function openAll(
  { url, sockets, streams, stuck }: Extract<FollowersOrder, { readonly kind: 'open' }>,
  log: Log,
): Promise<void> {
  for (let at = 0; at < sockets; at += opening) {
    const numbers = Array.from({ length: Math.min(opening, sockets - at) }, (_, index) => at + index);
    await Promise.all(numbers.map((number) => open(url, { log, streams, isStuck: number < stuck })));
  }
}

interface Follower {
  readonly log: Log;
  readonly streams: number;
  readonly isStuck: boolean;
}

/** Resolves when every stream has had its first message. One that is stuck reads nothing after that. */
function open(url: string, { log, streams, isStuck }: Follower): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false });
    let silent = streams;
    const take = (head: string): void => {
      const event = Number(/event (\d+)/.exec(head)?.[1] ?? -1);
      (log.events[event] ??= []).push(monotonicMs());
      silent -= 1;
      if (silent > 0) return;
      if (isStuck) socket.pause();
      resolve();
    };
    socket.on('open', () => {
      socket.send(init);
    });
    socket.on('message', (data: Buffer) => {
      // Number and name stand near the beginning, and are all that is looked at.
      const head = data.toString('latin1', 0, 160);
      if (head.includes('connection_ack')) {
        for (let stream = 1; stream <= streams; stream++) socket.send(subscribe(String(stream)));
      } else if (head.includes('"type":"error"')) {
        log.refused += 1;
        const [, id = '1'] = /"id":"(\d+)"/.exec(head) ?? [];
        setTimeout(() => {
          socket.send(subscribe(id));
        }, refusedFor);
      } else take(head);
    });
    socket.on('close', () => {
      if (!isStuck) log.closedOthers += 1;
    });
    socket.on('error', reject);
  });
}

/** `retryAfter` of those who are turned away. */
const refusedFor = 1000;
