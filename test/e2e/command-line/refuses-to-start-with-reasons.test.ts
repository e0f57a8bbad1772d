import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addressesOf, runProgram } from '../../support/run-program.ts';

/** A file of settings with this content, gone when disposed of. */
async function settingsFile(content: string): Promise<AsyncDisposable & { readonly path: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'bkjob-graphql-'));
  const path = join(directory, 'settings.yaml');
  await writeFile(path, content);
  return { path, [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) };
}

describe('wrong settings', () => {
  it('are all told, by name and without a secret, and the exit code is 1', async () => {
    await using file = await settingsFile('upstream: { app_secrte: s3cret, timeout: s3cret }\n');
    await using program = runProgram({
      args: ['--config', file.path],
      environment: {
        PORT: 's3cret',
        BKJOB_GQL__SERVER__PATH: 's3cret',
        BKJOB_GQL__UPSTREAM__KIND: 'esb',
        BKJOB_GQL__UPSTREAM__BASE_URL: 'http://user:s3cret@esb.example.com',
        BKJOB_GQL__UPSTREAM__APP_SECRET: 's3cret with blanks',
        BKJOB_GQL__NO__SUCH: 's3cret',
      },
    });
    const { code, stdout, stderr } = await program.ended;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).not.toContain('s3cret');
    const [head, ...faults] = stderr.trimEnd().split('\n');
    expect(head).toBe('bkjob-graphql cannot start, its settings are wrong:');
    expect(faults.map((fault) => fault.split(':')[0]).toSorted()).toEqual([
      'BKJOB_GQL__NO__SUCH',
      'BKJOB_GQL__SERVER__PATH (server.path)',
      'BKJOB_GQL__UPSTREAM__APP_CODE (upstream.app_code)',
      'BKJOB_GQL__UPSTREAM__APP_SECRET (upstream.app_secret)',
      'BKJOB_GQL__UPSTREAM__BASE_URL (upstream.base_url)',
      'BKJOB_GQL__UPSTREAM__TIMEOUT (upstream.timeout)',
      'PORT (server.port)',
      'upstream.app_secrte',
    ]);
  });

  it('of a file that is not there are told as that, by option and by variable', async () => {
    const missing = join(tmpdir(), 'bkjob-graphql-no-such-file.yaml');
    await using byOption = runProgram({ args: ['--config', missing] });
    await using byVariable = runProgram({ environment: { BKJOB_GQL_CONFIG: missing } });
    for (const program of [byOption, byVariable]) {
      expect(await program.ended).toMatchObject({
        code: 1,
        stdout: '',
        stderr: `bkjob-graphql cannot start, its settings are wrong:\nBKJOB_GQL_CONFIG (--config): there is no file ${missing}\n`,
      });
    }
  });

  it('of the schema stop its printing, too', async () => {
    await using program = runProgram({
      args: ['--print-schema'],
      environment: { BKJOB_GQL__SCHEMA__NODE: 'maybe' },
    });
    const { code, stdout, stderr } = await program.ended;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('BKJOB_GQL__SCHEMA__NODE (schema.node): must be true or false\n');
  });

  it('are not missed in production: the demonstration has to be asked for', async () => {
    await using program = runProgram({ environment: { NODE_ENV: 'production', PORT: '0' } });
    const { code, stderr } = await program.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('BKJOB_GQL__UPSTREAM__KIND (upstream.kind): must be set in production');
  });
});

describe('a file of settings', () => {
  it('is followed, and the environment over it', async () => {
    await using file = await settingsFile('server: { path: /api, port: 1 }\nlog: { level: silent }\n');
    await using program = runProgram({ args: ['--config', file.path], environment: { PORT: '0' } });
    const { graphqlUrl } = await addressesOf(program);
    expect(graphqlUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d{2,}\/api$/);
    program.signal('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 0 });
  });
});

describe('a port that is in use', () => {
  it.each([
    ['PORT', '', 'BKJOB_GQL__SERVER__PORT sets another: 0 takes a free one.'],
    ['BKJOB_GQL__SIMULATOR__PORT', '', 'BKJOB_GQL__SIMULATOR__PORT sets another: 0 takes a free one.'],
    [
      'BKJOB_GQL__TELEMETRY__METRICS__LISTEN',
      '127.0.0.1:',
      'BKJOB_GQL__TELEMETRY__METRICS__LISTEN sets another: such as 127.0.0.1:9091, or off.',
    ],
    [
      'BKJOB_GQL__HEALTH_CHECK__LISTEN',
      '127.0.0.1:',
      'BKJOB_GQL__HEALTH_CHECK__LISTEN sets another: such as 127.0.0.1:8089, or off.',
    ],
  ])(
    'is told in a line with the setting that names it, and the exit code is 1: %s',
    async (name, host, howToChange) => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      try {
        await using program = runProgram({ environment: { PORT: '0', [name]: `${host}${String(port)}` } });
        expect(await program.ended).toEqual({
          code: 1,
          signal: null,
          stdout: '',
          stderr: `bkjob-graphql cannot start: port ${String(port)} of 127.0.0.1 is in use. ${howToChange}\n`,
        });
      } finally {
        other.close();
        await once(other, 'close');
      }
    },
  );
});

describe('an address of another machine', () => {
  it.each([
    ['BKJOB_GQL__SERVER__HOST', ''],
    ['BKJOB_GQL__TELEMETRY__METRICS__LISTEN', ':0'],
    ['BKJOB_GQL__HEALTH_CHECK__LISTEN', ':0'],
  ])('is told in a line with the setting that names it, and the exit code is 1: %s', async (name, port) => {
    await using program = runProgram({ environment: { PORT: '0', [name]: `192.0.2.1${port}` } });
    const { code, stdout, stderr } = await program.ended;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(
      `bkjob-graphql cannot start: 192.0.2.1 is no address of this machine. ${name} sets another: such as `,
    );
  });
});
