import { WebSocket } from 'ws';
import { monotonicMs } from './monotonic-ms.ts';

/** What a trial tells a process of followers. */
export type FollowersOrder =
  | { readonly kind: 'open'; readonly url: string; readonly sockets: number; readonly stuck: number }
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
    };

if (process.send !== undefined) listen((report) => process.send?.(report));

const init = JSON.stringify({
  type: 'connection_init',
  payload: { 'X-Bkapi-Authorization': '{"bk_token":"alice"}' },
});
const subscribe = JSON.stringify({
  id: '1',
  type: 'subscribe',
  payload: {
    query:
      'subscription { jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "42") { name phase steps { name phase } } }',
  },
});

function listen(report: (report: FollowersReport) => void): void {
  const events: Record<number, number[]> = {};
  const closed = { others: 0 };
  process.on('message', (order: FollowersOrder) => {
    if (order.kind === 'report') {
      report({ kind: 'received', events, closedOthers: closed.others });
      return;
    }
    void openAll(order, events, closed).then(() => {
      report({ kind: 'opened' });
    });
  });
}

/** How many are being opened at a time. */
const opening = 50;

async function openAll(
  { url, sockets, stuck }: Extract<FollowersOrder, { readonly kind: 'open' }>,
  events: Record<number, number[]>,
  closed: { others: number },
): Promise<void> {
  for (let at = 0; at < sockets; at += opening) {
    const numbers = Array.from({ length: Math.min(opening, sockets - at) }, (_, index) => at + index);
    await Promise.all(numbers.map((number) => open(url, { events, closed, isStuck: number < stuck })));
  }
}

interface Follower {
  readonly events: Record<number, number[]>;
  readonly closed: { others: number };
  readonly isStuck: boolean;
}

/** Resolves with the first event. One that is stuck reads nothing after that. */
function open(url: string, { events, closed, isStuck }: Follower): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false });
    socket.on('open', () => {
      socket.send(init);
    });
    socket.on('message', (data: Buffer) => {
      // The name stands near the beginning, and is all that is looked at.
      const head = data.toString('latin1', 0, 120);
      if (head.includes('connection_ack')) {
        socket.send(subscribe);
        return;
      }
      const event = Number(/event (\d+)/.exec(head)?.[1] ?? -1);
      (events[event] ??= []).push(monotonicMs());
      if (isStuck) socket.pause();
      resolve();
    });
    socket.on('close', () => {
      if (!isStuck) closed.others += 1;
    });
    socket.on('error', reject);
  });
}
