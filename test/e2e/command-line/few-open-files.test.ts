import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { addressesOf, runProgram } from '../../support/run-program.ts';

const environment = {
  PORT: '0',
  BKJOB_GQL__TELEMETRY__METRICS__LISTEN: '127.0.0.1:0',
  BKJOB_GQL__LOG__LEVEL: 'warn',
};
const document = '{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { phase } }';

/** The phase of a job, asked for over a connection of its own; null where there was none for the question. */
async function ask(graphqlUrl: string): Promise<unknown> {
  const asked = request(graphqlUrl, { method: 'POST', agent: false, headers: json });
  asked.end(JSON.stringify({ query: document }));
  try {
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const { data } = JSON.parse(await text(answer)) as { data: { jobInstance: { phase: unknown } } };
    return data.jobInstance.phase;
  } catch {
    return null;
  }
}

const json = { 'content-type': 'application/json' };

/** Opens connections that ask for nothing until no more are taken, and gives those that are. */
async function holdConnections(
  graphqlUrl: string,
  { most, count }: { readonly most: number; readonly count: number },
): Promise<readonly Socket[]> {
  const { hostname, port } = new URL(graphqlUrl);
  const sockets = new Set(Array.from({ length: count }, () => connect(Number(port), hostname)));
  await new Promise<void>((resolve) => {
    for (const socket of sockets) {
      socket.on('error', () => undefined).resume();
      socket.once('close', () => {
        sockets.delete(socket);
        if (sockets.size <= most) resolve();
      });
    }
  });
  return [...sockets];
}

describe('a process that may have few files open', () => {
  it('says how many connections it takes, refuses what is beyond, and goes on', async () => {
    await using program = runProgram({ environment, openFiles: 256 });
    const { graphqlUrl } = await addressesOf(program);
    const said = await program.written(/Metrics: \S+/);
    const most = Number(/Connections of clients: (\d+) at most.*256 files open/.exec(said)?.[1]);
    expect(most).toBeGreaterThan(20);
    const held = await holdConnections(graphqlUrl, { most, count: 400 });
    expect(await ask(graphqlUrl)).toBeNull();
    // Who watches over the process reaches it all the while.
    const health = new URL('/health', /Metrics: (\S+)/.exec(said)?.[1]);
    expect((await fetch(health)).status).toBe(200);
    for (const socket of held) socket.destroy();
    while ((await ask(graphqlUrl)) !== 'FAILED');
    program.signal('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  it('answers whom it takes, however many ask at once', async () => {
    await using program = runProgram({ environment, openFiles: 256 });
    const { graphqlUrl } = await addressesOf(program);
    const phases = await Promise.all(Array.from({ length: 300 }, () => ask(graphqlUrl)));
    // Some are answered and some refused, and nothing else becomes of any.
    expect(new Set(phases.filter((phase) => phase !== null))).toEqual(new Set(['FAILED']));
    program.signal('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  it('ends with exit code 1 where the program itself cannot be read', async () => {
    await using program = runProgram({ environment, openFiles: 64 });
    // Node tells it as a file that it may not open, or as a package that it cannot find.
    expect(await program.ended).toMatchObject({
      code: 1,
      signal: null,
      stdout: '',
      stderr: expect.stringMatching(/EMFILE|ERR_MODULE_NOT_FOUND/),
    });
  });
});
