import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  credential,
  duration,
  host,
  httpUrl,
  listenAddress,
  onOff,
  origins,
  pageUrl,
  size,
  text,
  urlPath,
  whole,
} from '../../../src/config/value-types.ts';

const refused = Symbol('refused');

function read(type: z.ZodType, value: unknown): unknown {
  const result = type.safeParse(value);
  return result.success ? result.data : refused;
}

const anyDuration = duration({ min: 0, max: 10_000_000 });
const anySize = size({ min: 0, max: 1024 ** 3 });

describe('a duration', () => {
  it.each([
    ['500ms', 500],
    ['3s', 3000],
    ['2m', 120_000],
    ['2 s', 2000],
    ['250', 250],
    [250, 250],
    [0, 0],
  ])('reads %s', (value, expected) => {
    expect(read(anyDuration, value)).toBe(expected);
  });

  it.each([
    '',
    's',
    '3sec',
    '1.5s',
    '-1',
    '1h',
    ' 3s',
    '3s ',
    '1e3',
    '0x10',
    1.5,
    -1,
    Number.NaN,
    null,
    true,
    [3],
  ])('refuses %j', (value) => {
    expect(read(anyDuration, value)).toBe(refused);
  });

  it('keeps its bounds, in whatever unit', () => {
    const bounded = duration({ min: 10, max: 1000 });
    expect([9, 10, 1000, 1001, '1s', '2s'].map((value) => read(bounded, value))).toEqual([
      refused,
      10,
      1000,
      refused,
      1000,
      refused,
    ]);
  });

  it('means the same in milliseconds as in seconds', () => {
    fc.assert(
      fc.property(fc.nat(10_000), (seconds) => {
        expect(read(anyDuration, `${String(seconds)}s`)).toBe(
          read(anyDuration, `${String(seconds * 1000)}ms`),
        );
      }),
    );
  });
});

describe('a size', () => {
  it.each([
    ['64KiB', 65_536],
    ['32MiB', 33_554_432],
    ['12B', 12],
    ['12', 12],
    [12, 12],
  ])('reads %s', (value, expected) => {
    expect(read(anySize, value)).toBe(expected);
  });

  it.each(['64KB', '64k', '1GiB', 'MiB', '-1B', '64kib'])('refuses %s', (value) => {
    expect(read(anySize, value)).toBe(refused);
  });
});

describe('a whole number', () => {
  const port = whole({ min: 0, max: 65_535 });

  it('reads numbers and digits', () => {
    expect([0, '0', 65_535, '65535'].map((value) => read(port, value))).toEqual([0, 0, 65_535, 65_535]);
  });

  it.each([-1, 65_536, 1.5, '1.5', '-1', '65536', '0x10', '1e3', ' 1', '', 'x', true, null, Number.NaN])(
    'refuses %j',
    (value) => {
      expect(read(port, value)).toBe(refused);
    },
  );
});

describe('on or off', () => {
  it.each([
    [true, true],
    ['true', true],
    ['on', true],
    [false, false],
    ['false', false],
    ['off', false],
  ])('reads %j', (value, expected) => {
    expect(read(onOff(), value)).toBe(expected);
  });

  it.each(['TRUE', '1', 1, 0, 'yes', ''])('refuses %j', (value) => {
    expect(read(onOff(), value)).toBe(refused);
  });
});

describe('an address of a machine', () => {
  it.each(['127.0.0.1', '::1', 'fe80::1%eth0', 'localhost', 'node-1.example.com', 'a_b'])(
    'reads %j',
    (value) => {
      expect(read(host(), value)).toBe(value);
    },
  );

  it.each(['', ' ', '127.0.0.1:80', '[::1]', 'http://localhost', '*', '0.0.0.0\n', '127.0.0.1 ', 4])(
    'refuses %j',
    (value) => {
      expect(read(host(), value)).toBe(refused);
    },
  );
});

describe('a text', () => {
  it('is one line', () => {
    expect(['a b', '', 'a\nb', 'a\0', 4].map((value) => read(text(), value))).toEqual([
      'a b',
      refused,
      refused,
      refused,
      refused,
    ]);
  });

  it('that is a credential is visible ASCII', () => {
    const long = 'x'.repeat(4096);
    expect(
      ['a~!', long, `${long}x`, 'a b', 'é', '', 'a\n', 4].map((value) => read(credential(), value)),
    ).toEqual(['a~!', long, refused, refused, refused, refused, refused, refused]);
  });
});

describe('an address to listen on', () => {
  it.each([
    ['127.0.0.1:9090', { host: '127.0.0.1', port: 9090 }],
    ['[::1]:0', { host: '::1', port: 0 }],
    ['localhost:65535', { host: 'localhost', port: 65_535 }],
    ['off', null],
    [false, null],
  ])('reads %s', (value, expected) => {
    expect(read(listenAddress(), value)).toEqual(expected);
  });

  it.each([
    '',
    '9090',
    ':9090',
    '127.0.0.1',
    '127.0.0.1:',
    '::1:9090',
    'a b:1',
    '127.0.0.1:65536',
    true,
    9090,
  ])('refuses %j', (value) => {
    expect(read(listenAddress(), value)).toBe(refused);
  });
});

describe('a path', () => {
  it.each(['/', '/graphql', '/a/b-c/d_e.f', '/v1.0'])('reads %s', (value) => {
    expect(read(urlPath(), value)).toBe(value);
  });

  it.each([
    '',
    'graphql',
    '//',
    '//a',
    '/a/',
    '/a//b',
    '/..',
    '/a/../b',
    '/.a',
    '/a?b',
    '/a#b',
    '/a b',
    '/*',
    '/:a',
    '/é',
  ])('refuses %s', (value) => {
    expect(read(urlPath(), value)).toBe(refused);
  });
});

describe('an address', () => {
  it.each([
    ['https://job.example.com', 'https://job.example.com'],
    ['https://job.example.com/', 'https://job.example.com'],
    ['http://127.0.0.1:8080/api/bk-job//', 'http://127.0.0.1:8080/api/bk-job'],
    ['HTTPS://JOB.example.com/Path', 'https://job.example.com/Path'],
    ['http://[::1]:80/x', 'http://[::1]/x'],
  ])('reads %s', (value, expected) => {
    expect(read(httpUrl(), value)).toBe(expected);
  });

  it.each([
    'job.example.com',
    'ftp://job.example.com',
    'http://',
    'http://a:b@job.example.com',
    'http://a@job.example.com',
    'http://@job.example.com',
    'http://job.example.com?a=b',
    'http://job.example.com?',
    'http://job.example.com/#',
    'http://job.example.com/#a',
    ' http://job.example.com',
    'http://job.example.com\n',
    'http:\\\\job.example.com',
    'http:/job.example.com',
    '',
    4,
  ])('refuses %j', (value) => {
    expect(read(httpUrl(), value)).toBe(refused);
  });

  it('of a page may have a query and a fragment, and no credentials either', () => {
    const page = 'https://iam.example.com/apply?system_id=bk_job#/form';
    expect(read(pageUrl(), page)).toBe(page);
    expect(read(pageUrl(), 'https://a:b@iam.example.com/')).toBe(refused);
    expect(read(pageUrl(), 'javascript:alert(1)')).toBe(refused);
    expect(read(pageUrl(), 4)).toBe(refused);
  });
});

describe('origins', () => {
  it('are a list, or a text with commas between', () => {
    const list = ['https://a.example.com', 'http://b.example.com:8080'];
    expect(read(origins(), list)).toEqual(list);
    expect(read(origins(), 'https://a.example.com, http://b.example.com:8080')).toEqual(list);
    expect(read(origins(), [])).toEqual([]);
  });

  it.each([
    '*',
    'null',
    'https://*.example.com',
    'https://a.example.com/',
    'https://a.example.com/path',
    'https://A.example.com',
    'https://a.example.com:443',
    'https://a:b@a.example.com',
    'ftp://a.example.com',
    'a.example.com',
    'https://a.example.com,',
  ])('refuses %s', (value) => {
    expect(read(origins(), value)).toBe(refused);
  });
});
