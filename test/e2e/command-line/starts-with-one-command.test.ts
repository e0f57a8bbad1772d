import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { buildSchema, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { addressesOf, runProgram } from '../../support/run-program.ts';

const freePort = { PORT: '0' };

/** The request of a line that is ready to paste. */
function requestOf(line: string): { readonly url: string; readonly init: RequestInit } {
  const [, url = '', headers = '', body = ''] =
    /curl -s (\S+)((?: -H '[^']*')+) -d '([^']*)'$/.exec(line) ?? [];
  const pairs = [...headers.matchAll(/-H '(.*?): (.*?)'/g)].map(([, name = '', value = '']) => [name, value]);
  return {
    url,
    init: { method: 'POST', headers: Object.fromEntries(pairs) as Record<string, string>, body },
  };
}

describe('the program without settings', () => {
  it('says where it listens and what it asks, and the line to paste is answered', async () => {
    await using program = runProgram({ environment: freePort });
    const { graphqlUrl, simulatorUrl } = await addressesOf(program);
    expect(graphqlUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/);
    expect(simulatorUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const lines = (await program.written(/curl .*\n/)).trimEnd().split('\n');
    expect(lines[0]).toContain('(a demonstration)');

    const { url, init } = requestOf(lines.at(-1) ?? '');
    expect(url).toBe(graphqlUrl);
    const answer: unknown = await (await fetch(url, init)).json();
    expect(answer).toEqual({
      data: {
        jobInstance: {
          name: expect.any(String) as unknown,
          phase: 'FAILED',
          ipResults: expect.arrayContaining([
            expect.objectContaining({
              ip: expect.any(String) as unknown,
              status: expect.any(String) as unknown,
            }),
          ]) as unknown,
        },
      },
    });

    const callsUrl = lines.map((line) => /http\S+\/simulator\/calls$/.exec(line)?.[0]).find(Boolean) ?? '';
    expect(await (await fetch(callsUrl)).json()).toMatchObject([{ user: 'alice', returnIpResult: true }]);
    for (const explorer of [graphqlUrl, new URL('/graphiql', graphqlUrl).href]) {
      expect(lines.some((line) => line.endsWith(` ${explorer}`))).toBe(true);
      const page = await fetch(explorer, { headers: { accept: 'text/html' } });
      expect(page.status).toBe(200);
      expect(page.headers.get('content-type')).toContain('text/html');
      await page.arrayBuffer();
    }

    program.signal('SIGTERM');
    const { code, signal, stderr } = await program.ended;
    expect([code, signal]).toEqual([0, null]);
    const told = stderr
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg);
    expect(new Set(told)).toEqual(new Set(['request']));
  });

  it('goes on where nobody reads what it says', async () => {
    const port = await unusedPort();
    await using program = runProgram({
      environment: { PORT: String(port), BKJOB_GQL__LOG__LEVEL: 'warn' },
    });
    program.stopReading();
    const state = { hasEnded: false };
    void program.ended.then(() => (state.hasEnded = true));
    let answer: unknown = null;
    while (answer === null && !state.hasEnded) {
      answer = await askTypeName(`http://127.0.0.1:${String(port)}/graphql`);
    }
    expect(answer).toEqual({ data: { __typename: 'Query' } });
    program.signal('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 0, stderr: '' });
  });
});

/** A port that was free a moment ago, for a program that cannot tell which one it took. */
async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The answer, or null where nothing listens yet. */
async function askTypeName(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    });
    return await response.json();
  } catch {
    return null;
  }
}

describe('the program before a real bk-job', () => {
  it('says which one, and asks nobody before it is asked', async () => {
    await using program = runProgram({
      environment: {
        ...freePort,
        NODE_ENV: 'production',
        BKJOB_GQL__TELEMETRY__METRICS__LISTEN: '127.0.0.1:0',
        BKJOB_GQL__LOG__LEVEL: 'warn',
        BKJOB_GQL__UPSTREAM__KIND: 'apigw-v3',
        BKJOB_GQL__UPSTREAM__BASE_URL: 'http://bkapi.invalid/api/bk-job',
        BKJOB_GQL__UPSTREAM__APP_CODE: 'app',
        BKJOB_GQL__UPSTREAM__APP_SECRET: 's3cret',
      },
    });
    const { graphqlUrl, simulatorUrl } = await addressesOf(program);
    expect(simulatorUrl).toBe('');
    const text = await program.written(/curl .*\n/);
    expect(text).toContain('upstream: bk-job through apigw-v3 at http://bkapi.invalid/api/bk-job/prod');
    expect(text).not.toContain('s3cret');
    for (const explorer of [graphqlUrl, new URL('/graphiql', graphqlUrl).href]) {
      const page = await fetch(explorer, { headers: { accept: 'text/html' } });
      expect(page.ok).toBe(false);
      await page.arrayBuffer();
    }
    program.signal('SIGINT');
    expect(await program.ended).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('an option', () => {
  it('--version prints the version of the package', async () => {
    const text = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
    const { version } = JSON.parse(text) as { readonly version: string };
    await using program = runProgram({ args: ['--version'] });
    expect(await program.ended).toEqual({ code: 0, signal: null, stdout: `${version}\n`, stderr: '' });
  });

  it('--help prints options and settings', async () => {
    await using program = runProgram({ args: ['--help'] });
    const { code, stdout, stderr } = await program.ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('--print-schema');
    expect(stdout).toContain('BKJOB_GQL__UPSTREAM__BASE_URL');
  });

  it.each([
    [{}, true],
    [{ NODE_ENV: 'production', BKJOB_GQL__SCHEMA__NODE: 'off' }, false],
  ])('--print-schema prints the SDL that is served, with %j', async (environment, hasNode) => {
    await using program = runProgram({ args: ['--print-schema'], environment });
    const { code, stdout, stderr } = await program.ended;
    expect([code, stderr]).toEqual([0, '']);
    const schema = buildSchema(stdout, { assumeValidSDL: true });
    const query = schema.getType('Query');
    expect(isObjectType(query) && Object.keys(query.getFields())).toContain('jobInstance');
    expect(stdout.includes('node(')).toBe(hasNode);
  });

  it('--print-schema ends in order where nobody reads on', async () => {
    await using program = runProgram({ args: ['--print-schema'] });
    program.stopReading();
    expect(await program.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([['--prot=1'], ['serve']])('%s is refused with exit code 2', async (argument) => {
    await using program = runProgram({ args: [argument] });
    const { code, stdout, stderr } = await program.ended;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(argument.split('=')[0]);
    expect(stderr).toMatch(/^[^\n]+\.\nSee bkjob-graphql --help\.\n$/);
  });
});
