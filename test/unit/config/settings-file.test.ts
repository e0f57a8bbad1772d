import { describe, expect, it, vi } from 'vitest';
import { loadSettings } from '../../../src/config/load-settings.ts';
import { faultsOf, loadFile, noFile } from '../../support/load-settings.ts';

describe('a file', () => {
  it('gives settings by section and name, typed or as text', () => {
    const settings = loadFile(`
      server:
        host: 0.0.0.0
        port: "8080"
        introspection: off
        sandbox: false
        allowed_origins: [https://a.example.com, http://b.example.com:8080]
      limits:
        http_max_request_bytes: 64KiB
      upstream:
        kind: apigw-v3
        base_url: https://bkapi.example.com/api/bk-job/
        stage: test
        app_code: app
        app_secret: secret
        timeout: 5s
        connections:
      links:
    `);
    expect(settings.server).toMatchObject({
      host: '0.0.0.0',
      port: 8080,
      introspection: false,
      sandbox: false,
      graphiql: true,
      allowedOrigins: ['https://a.example.com', 'http://b.example.com:8080'],
    });
    expect(settings.limits.maxRequestBytes).toBe(65_536);
    expect(settings.upstream).toMatchObject({
      kind: 'apigw-v3',
      baseUrl: 'https://bkapi.example.com/api/bk-job/test',
      appSecret: 'secret',
      timeout: 5000,
      connections: 64,
    });
  });

  it('gives way to the environment name by name', () => {
    const { simulator } = loadFile('simulator: { port: 1, seed: 2 }', { BKJOB_GQL__SIMULATOR__SEED: '3' });
    expect(simulator).toEqual({ port: 1, seed: 3 });
  });

  it('may be empty', () => {
    expect(loadFile('')).toEqual(loadSettings({}, noFile));
    expect(loadFile('# nothing yet\n')).toEqual(loadSettings({}, noFile));
  });

  it('has names that every object knows refused like any others', () => {
    const file = 'constructor: 1\nserver: { toString: 1 }\n';
    expect(faultsOf(() => loadFile(file)).toSorted()).toEqual([
      'constructor: there is no such setting',
      'server.toString: there is no such setting',
    ]);
  });

  it('says nothing by itself of a template that was not filled in', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const faults = faultsOf(() => loadFile('upstream: { app_secret: {{ S3cr3tValue }} }\n'));
    expect(faults).toHaveLength(1);
    expect(faults.join()).not.toContain('S3cr3tValue');
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  it('has every name that it should not have refused, with the nearest that exists', () => {
    const file = 'upstraem: {}\nserver: { prot: 1, allowedOrigins: [], colour: red }\n';
    expect(faultsOf(() => loadFile(file)).toSorted()).toEqual([
      'server.allowedOrigins: there is no such setting; did you mean server.allowed_origins?',
      'server.colour: there is no such setting',
      'server.prot: there is no such setting; did you mean server.port?',
      'upstraem: there is no such setting; did you mean upstream?',
    ]);
  });

  it('has such names refused when they stand there without a value, too', () => {
    const file = 'upstraem:\nlinks:\nserver:\n  prot:\n  path:\n  host: ""\n  hots: ""\n';
    expect(faultsOf(() => loadFile(file)).toSorted()).toEqual([
      'server.hots: there is no such setting; did you mean server.host?',
      'server.prot: there is no such setting; did you mean server.port?',
      'upstraem: there is no such setting; did you mean upstream?',
    ]);
  });

  it('does not have the rest of a secret told that a comma made a name', () => {
    const faults = faultsOf(() =>
      loadFile('upstream: { kind: esb, base_url: http://esb, app_code: a, app_secret: half, 0ther_half }\n'),
    );
    expect(faults).toEqual(['upstream.(a name that no setting has): there is no such setting']);
  });

  it.each([
    ['a list', '[1, 2]', 'must hold sections of settings'],
    ['a text', 'server', 'must hold sections of settings'],
    ['two documents', 'a: 1\n---\nb: 1\n', 'line 2, column 1 (MULTIPLE_DOCS)'],
    ['a name twice', 'log: {}\nlog: {}\n', 'line 2, column 1 (DUPLICATE_KEY)'],
    ['a tag', 'log:\n  level: !secret x\n', 'line 2, column 10 (TAG_RESOLVE_FAILED)'],
    ['a tag of YAML itself', 'log: !!omap [level: warn]\n', 'line 1, column 6 (TAG_RESOLVE_FAILED)'],
    ['a set', 'log: !!set { level }\n', 'line 1, column 6 (TAG_RESOLVE_FAILED)'],
    ['broken YAML', 'log: [', 'line 1, column 7 (BAD_INDENT)'],
  ])('is refused with its place where it holds %s', (_what, content, ending) => {
    const [fault = '', ...others] = faultsOf(() => loadFile(content));
    expect(others).toEqual([]);
    expect(fault).toMatch(/^BKJOB_GQL_CONFIG \(--config\): the file settings\.yaml /);
    expect(fault.endsWith(ending)).toBe(true);
  });

  it.each(['server', 'upstream'])('must have %s as a section', (section) => {
    expect(faultsOf(() => loadFile(`${section}: 4`))).toEqual([`${section}: must be a section of settings`]);
    expect(faultsOf(() => loadFile(`${section}: [4]`))).toEqual([
      `${section}: must be a section of settings`,
    ]);
  });

  it.each([
    ['ENOENT', 'there is no file settings.yaml'],
    ['EACCES', 'the file settings.yaml cannot be read (EACCES)'],
  ])('that cannot be read (%s) is the fault, not what it would have held', (code, fault) => {
    const readFile = (): never => {
      throw Object.assign(new Error('no'), { code });
    };
    const environment = {
      BKJOB_GQL_CONFIG: 'settings.yaml',
      BKJOB_GQL__UPSTREAM__KIND: 'esb',
      BKJOB_GQL__SERVER__PORT: 'x',
    };
    expect(faultsOf(() => loadSettings(environment, readFile))).toEqual([
      `BKJOB_GQL_CONFIG (--config): ${fault}`,
      'BKJOB_GQL__SERVER__PORT (server.port): must be a whole number from 0 to 65535',
    ]);
  });

  it('of aliases that would grow without end is refused', () => {
    const levels = Array.from(
      { length: 9 },
      (_, at) => `- &l${String(at + 1)} [${`*l${String(at)}, `.repeat(9)}]`,
    );
    const [fault] = faultsOf(() => loadFile(`log:\n- &l0 x\n${levels.join('\n')}\n`));
    expect(fault).toContain('cannot be read (ReferenceError)');
  });
});
