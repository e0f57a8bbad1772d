import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a service that can be cut, as networks are. */
export interface CuttableConnection extends AsyncDisposable {
  /** The address of the service, as it is on this side. */
  urlOf(url: string): string;
  /** Cuts every connection, and lets none through until it is mended. */
  cut(): void;
  mend(): void;
}

/** Listens on a free port and passes everything on to where this address leads. */
export async function startCuttableConnection(to: string): Promise<CuttableConnection> {
  const { hostname, port } = new URL(to);
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => undefined).pipe(other);
      socket.once('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
    if (isCut) near.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: nearPort } = server.address() as AddressInfo;
  const cut = (): void => {
    isCut = true;
    for (const socket of open) socket.destroy();
  };
  return {
    urlOf: (url) => url.replace(new URL(to).origin, `http://127.0.0.1:${String(nearPort)}`),
    cut,
    mend: () => (isCut = false),
    [Symbol.asyncDispose]: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
