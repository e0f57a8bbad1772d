import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { addressesOf, runProgram } from '../../support/run-program.ts';

/** Fewer than the system lets wait to be accepted. */
const many = 300;

it('who had connected when the program was told to end is answered, however many had at once', async () => {
  await using program = runProgram({ environment: { PORT: '0', BKJOB_GQL__LOG__LEVEL: 'warn' } });
  const { hostname, port, pathname } = new URL((await addressesOf(program)).graphqlUrl);
  const request = `GET ${pathname}?query=%7B__typename%7D HTTP/1.1\r\nhost: service\r\napollo-require-preflight: yes\r\n\r\n`;
  // It stands still, so that all of them wait to be accepted when it is told.
  program.signal('SIGSTOP');
  const clients = Array.from({ length: many }, () => connect(Number(port), hostname));
  for (const client of clients) client.write(request);
  await Promise.all(clients.map((client) => once(client, 'connect')));
  program.signal('SIGTERM');
  program.signal('SIGCONT');
  const answers = await Promise.all(clients.map((client) => text(client).catch(() => 'reset')));
  const statuses = answers.map((answer) => /^HTTP\/1\.1 (?:200|429) |^reset$/.exec(answer)?.[0] ?? answer);
  expect(statuses.filter((status) => !status.startsWith('HTTP/1.1 '))).toEqual([]);
  expect(await program.ended).toMatchObject({ code: 0, signal: null });
});
