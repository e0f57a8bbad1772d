import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JobApiError } from '../../../src/domain/errors.ts';
import {
  createLogger,
  withoutSecrets,
  type Logger,
  type LoggerOptions,
} from '../../../src/telemetry/logger.ts';

interface Line {
  readonly level: number;
  readonly time: string;
  readonly msg: string;
  readonly type?: string;
  readonly stack?: string;
}

/** Lines that the use of a log writes. */
function linesOf(use: (log: Logger) => void, level: LoggerOptions['level'] = 'info'): readonly Line[] {
  const written: string[] = [];
  use(createLogger({ level, destination: { write: (line) => written.push(line) } }));
  return written.map((line) => JSON.parse(line) as Line);
}

function faultLine(thrown: unknown): Line {
  const [line, ...others] = linesOf((log) => {
    log.fault(thrown);
  });
  expect(others).toEqual([]);
  if (line === undefined) throw new Error('Nothing was logged.');
  return line;
}

describe('a log', () => {
  it('is a line of JSON for each thing told, with its time', () => {
    const lines = linesOf((log) => {
      log.info('one\ntwo');
      log.fault(new Error('three'));
    });
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
      [30, 'one\ntwo'],
      [50, 'three'],
    ]);
    for (const { time } of lines) expect(new Date(time).toISOString()).toBe(time);
  });

  it.each([
    ['debug', 2],
    ['info', 2],
    ['warn', 1],
    ['error', 1],
    ['silent', 0],
  ] as const)('of level %s has %i of a note and a fault', (level, count) => {
    const lines = linesOf((log) => {
      log.info('note');
      log.fault(new Error('fault'));
    }, level);
    expect(lines).toHaveLength(count);
  });
});

describe('a fault', () => {
  it('is told with its name, its causes and its stack', () => {
    const cause = new TypeError('no such function', { cause: 'a text' });
    const line = faultLine(new JobApiError('INTERNAL_SERVER_ERROR', null, { cause }));
    expect(line.type).toBe('JobApiError');
    expect(line.msg).toBe("A fault of this service. (TypeError: no such function) ('a text')");
    expect(line.stack).toContain('logger.test.ts');
    expect(line.stack).toContain('caused by: TypeError: no such function');
  });

  it('may be its own cause', () => {
    const left = new Error('left');
    const right = new Error('right', { cause: left });
    left.cause = right;
    expect(faultLine(left).msg).toBe('left (Error: right)');
  });

  it.each([
    ['a text', "'a text'"],
    [undefined, 'undefined'],
    [null, 'null'],
    [Object.create(null), '[Object: null prototype] {}'],
    [Symbol('sign'), 'Symbol(sign)'],
    [{ reason: 'none' }, "{ reason: 'none' }"],
  ])('that is no error is told as it is: %s', (thrown, text) => {
    expect(faultLine(thrown).msg).toBe(text);
  });
});

describe('a secret', () => {
  const names = [
    'bk_app_secret',
    'bk_token',
    'bk_ticket',
    'access_token',
    'X-Bkapi-Authorization',
    'authorization',
    'Proxy-Authorization',
    'Cookie',
    'set-cookie',
  ];

  it.each(names)('behind the name %s is blanked in every form that a text can give it', (name) => {
    for (const text of [
      `${name}: s3cret`,
      `${name}=s3cret`,
      `${name} = "s3cret"`,
      `{"${name}":"s3cret","a":1}`,
      JSON.stringify(JSON.stringify({ [name]: 's3cret', a: 1 })),
      `{ '${name}': 's3cret' }`,
      `[ '${name}', 's3cret' ]`,
      `https://example.com/?a=b&${name}=s3cret`,
      `"${name}": "s3cret`,
    ]) {
      expect(withoutSecrets(text)).toContain('[secret]');
      expect(withoutSecrets(text)).not.toContain('s3cret');
    }
  });

  it('ends where its form ends, and what stands beside it stays', () => {
    expect(withoutSecrets('{"bk_token":"s3cret","job":"1"}')).toBe('{"bk_token":[secret],"job":"1"}');
    expect(withoutSecrets("{ bk_ticket: 's 3', b: 2 }")).toBe('{ bk_ticket: [secret], b: 2 }');
    expect(withoutSecrets('authorization: Bearer s3cret, x\naccept: */*')).toBe(
      'authorization: [secret]\naccept: */*',
    );
    expect(withoutSecrets('cookie: a=s3cret; b=s3cret\nend')).toBe('cookie: [secret]\nend');
    expect(withoutSecrets('bk_token=s3cret was sent')).toBe('bk_token=[secret] was sent');
    expect(withoutSecrets('neither token nor cookie')).toBe('neither token nor cookie');
  });

  it('is blanked whatever its value, as JSON in a header writes it', () => {
    const visible = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
      maxLength: 40,
    });
    fc.assert(
      fc.property(visible, fc.nat(3), (value, depth) => {
        let text = JSON.stringify({ bk_token: `~~s3cret~~${value}~~s3cret~~`, end: 'here' });
        for (let level = 0; level < depth; level += 1) text = JSON.stringify({ inner: text });
        const clean = withoutSecrets(text);
        expect(clean).not.toContain('s3cret');
        expect(clean).toContain('here');
      }),
    );
  });

  it('is blanked in messages, causes and stacks', () => {
    const cause = new Error('headers: {"x-bkapi-authorization":"{\\"bk_token\\":\\"s3cret\\"}"}');
    const line = faultLine(new Error('sent bk_app_secret=s3cret', { cause }));
    expect(JSON.stringify(line)).not.toContain('s3cret');
    expect(line.msg).toContain('sent bk_app_secret=[secret]');
    expect(JSON.stringify(faultLine({ headers: { cookie: 's3cret' } }))).not.toContain('s3cret');
  });
});
