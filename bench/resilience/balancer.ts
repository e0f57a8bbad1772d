import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A replica as a balancer knows it. */
export interface Replica {
  readonly host: string;
  readonly port: number;
  /** Address that answers 200 while the replica wants requests. */
  readonly readyUrl: string;
}

/** A balancer of connections, that asks replicas every so often whether they are ready, as those of platforms do. */
export interface Balancer extends AsyncDisposable {
  readonly origin: string;
  /** From now on asked whether it is ready. Resolves when it is. */
  add(replica: Replica): Promise<void>;
  /** Forgotten; its connections live on. */
  remove(replica: Replica): void;
  /** Connections that found no replica that was ready, or one that did not take them. */
  refused(): number;
}

const pollInterval = 200;

/** Starts a balancer without replicas. */
export async function startBalancer(): Promise<Balancer> {
  const ready = new Map<Replica, boolean>();
  const sockets = new Set<Socket>();
  let refused = 0;
  let turns = 0;

  const server = createServer((client) => {
    const candidates = [...ready].filter(([, isReady]) => isReady).map(([replica]) => replica);
    const replica = candidates[(turns += 1) % Math.max(1, candidates.length)];
    if (replica === undefined) {
      refused += 1;
      client.destroy();
      return;
    }
    const backend = connect(replica);
    backend.once('error', () => {
      if (backend.connecting) refused += 1;
    });
    for (const [one, other] of [
      [client, backend],
      [backend, client],
    ] as const) {
      sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    client.pipe(backend).pipe(client);
  });

  const poll = async (replica: Replica): Promise<void> => {
    const isReady = await askReadiness(replica.readyUrl);
    if (ready.has(replica)) ready.set(replica, isReady);
  };
  const timer = setInterval(() => {
    for (const replica of ready.keys()) void poll(replica);
  }, pollInterval);

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    add: async (replica) => {
      ready.set(replica, false);
      while (ready.get(replica) === false) await poll(replica);
    },
    remove: (replica) => {
      ready.delete(replica);
    },
    refused: () => refused,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function askReadiness(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(1000),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
