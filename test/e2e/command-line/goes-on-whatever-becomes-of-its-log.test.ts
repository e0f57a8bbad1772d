import { open } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { addressesOf, runProgram } from '../../support/run-program.ts';
import { createUnreadPipe } from '../../support/unread-pipe.ts';
import { createUnreadTerminal } from '../../support/unread-terminal.ts';

const environment = {
  PORT: '0',
  BKJOB_GQL__LOG__LEVEL: 'debug',
  BKJOB_GQL__LOG__BUFFER: '64KiB',
  BKJOB_GQL__TELEMETRY__METRICS__LISTEN: '127.0.0.1:0',
};

/** Asks so often that the log of it is more than a pipe and the service hold together. */
async function askOften(graphqlUrl: string): Promise<ReadonlySet<number>> {
  const statuses = new Set<number>();
  const query = '{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { phase } }';
  const ask = async (): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(graphqlUrl, { method: 'POST', headers, body: JSON.stringify({ query }) });
    expect(await response.json()).toEqual({ data: { jobInstance: { phase: 'FAILED' } } });
    statuses.add(response.status);
  };
  for (let round = 0; round < 100; round += 1) await Promise.all(Array.from({ length: 10 }, ask));
  return statuses;
}

async function droppedLines(startUpText: string): Promise<number> {
  const page = await fetch(/Metrics: (\S+)/.exec(startUpText)?.[1] ?? '');
  return Number(/^bkjob_gql_log_lines_dropped (\d+)$/m.exec(await page.text())?.[1]);
}

it.each([
  ['pipe', createUnreadPipe],
  ['terminal', createUnreadTerminal],
])('a %s that nobody reads costs lines, which are counted, and no request', async (_what, create) => {
  await using output = await create();
  await using program = runProgram({ environment, stderr: output.fd });
  const { graphqlUrl } = await addressesOf(program);
  expect(await askOften(graphqlUrl)).toEqual(new Set([200]));
  expect(await droppedLines(await program.written(/Metrics/))).toBeGreaterThan(0);
  program.signal('SIGTERM');
  expect(await program.ended).toMatchObject({ code: 0, signal: null });
});

it('so does a disk that is full', async () => {
  await using full = await open('/dev/full', 'w');
  await using program = runProgram({ environment, stderr: full.fd });
  const { graphqlUrl } = await addressesOf(program);
  expect(await askOften(graphqlUrl)).toEqual(new Set([200]));
  expect(await droppedLines(await program.written(/Metrics/))).toBeGreaterThan(0);
  program.signal('SIGTERM');
  expect(await program.ended).toMatchObject({ code: 0, signal: null });
});
