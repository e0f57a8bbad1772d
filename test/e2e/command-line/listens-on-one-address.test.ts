import { createConnection } from 'node:net';
import { expect, it } from 'vitest';
import { addressesOf, runProgram } from '../../support/run-program.ts';

/** On most machines `localhost` is an address of IPv6, too; two of IPv4 are there on all. */
const twoAddresses = `
  import dns from 'node:dns';
  const { lookup } = dns;
  dns.lookup = (host, options, done) => {
    if (host !== 'localhost' || options.all !== true) return lookup(host, options, done);
    done(null, [{ address: '127.0.0.1', family: 4 }, { address: '127.0.0.2', family: 4 }]);
  };`;

/** Whether somebody listens there. */
function isListenedTo(port: number, host: string): Promise<boolean> {
  const socket = createConnection(port, host);
  return new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy());
}

it('a name of two addresses is listened to at one, which the program tells', async () => {
  await using program = runProgram({
    environment: { PORT: '0', BKJOB_GQL__LOG__LEVEL: 'warn', BKJOB_GQL__SERVER__HOST: 'localhost' },
    nodeArgs: ['--import', `data:text/javascript;base64,${Buffer.from(twoAddresses).toString('base64')}`],
  });
  const { hostname, port } = new URL((await addressesOf(program)).graphqlUrl);
  expect(hostname).toBe('127.0.0.1');
  expect(await isListenedTo(Number(port), hostname)).toBe(true);
  expect(await isListenedTo(Number(port), '127.0.0.2')).toBe(false);
  program.signal('SIGTERM');
  expect(await program.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
});
