import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  listedValueCount,
  selectIpResults,
  type IpResultSelection,
} from '../../../src/domain/ip-result-filter.ts';
import type { StepIpResult } from '../../../src/domain/job-instance.ts';
import { ipResultPhase, ipResultStatus } from '../../../src/domain/status-codes.ts';
import { arbitraryHostRows } from '../../support/arbitrary-hosts.ts';
import { buildHosts, hostRow } from '../../support/build-job.ts';

const hosts = buildHosts([
  hostRow({ bkHostId: '1', statusCode: 11, exitCode: 1, tag: 'disk full', errorCode: 0, ip: '192.0.2.1' }),
  hostRow({
    bkHostId: '2',
    statusCode: 104,
    exitCode: 2,
    tag: '',
    errorCode: 126,
    ip: '192.0.2.2',
    bkCloudId: '3',
  }),
  hostRow({
    bkHostId: '3',
    statusCode: 9,
    exitCode: null,
    tag: null,
    errorCode: null,
    ip: null,
    bkCloudId: null,
  }),
  hostRow({ bkHostId: null, statusCode: 777, exitCode: 0, tag: 'ok', ip: '192.0.2.4' }),
]);

/** Places of the hosts kept, from 1. */
function kept(selection: IpResultSelection): readonly number[] {
  return Array.from(selectIpResults(hosts, selection).rows, (row) => row + 1);
}

describe('a selection of hosts', () => {
  it.each<[IpResultSelection, readonly number[]]>([
    [{}, [1, 2, 3, 4]],
    [{ status: ['FAILED'] }, [1]],
    [{ phase: ['FAILED'] }, [1, 2]],
    [{ phase: ['SUCCEEDED'] }, [3]],
    [{ status: ['UNRECOGNIZED', 'SUCCEEDED'] }, [3, 4]],
    [{ status: ['FAILED', 'SUCCEEDED'], phase: ['FAILED'] }, [1]],
    [{ filter: { statusCode: [777, 9] } }, [3, 4]],
    [{ filter: { tag: [''] } }, [2, 3]],
    [{ filter: { tag: ['disk full', 'ok'] } }, [1, 4]],
    [{ filter: { exitCode: [0] } }, [4]],
    [{ filter: { errorCode: [126] } }, [2]],
    [{ filter: { ip: ['192.0.2.1', '192.0.2.4'] } }, [1, 4]],
    [{ filter: { bkCloudId: ['0'] } }, [1, 4]],
    [{ filter: { bkHostId: ['3', '2'] } }, [2, 3]],
    [{ filter: { bkCloudId: ['0'], exitCode: [1, 2] } }, [1]],
    [{ phase: ['FAILED'], filter: { ip: ['192.0.2.2'] } }, [2]],
    [{ phase: ['FAILED'], orderBy: 'EXIT_CODE_DESC' }, [2, 1]],
    [{ orderBy: 'STATUS_DESC', limit: 2 }, [4, 2]],
    [{ limit: 0 }, []],
    [{ limit: 3 }, [1, 2, 3]],
    [{ limit: 4 }, [1, 2, 3, 4]],
    [{ limit: 2_147_483_647 }, [1, 2, 3, 4]],
  ])('%j keeps %j', (selection, expected) => {
    expect(kept(selection)).toEqual(expected);
  });

  it.each(['statusCode', 'tag', 'exitCode', 'errorCode', 'ip', 'bkCloudId', 'bkHostId'] as const)(
    'is not restricted by a %s of null, and keeps nothing where the list is empty',
    (condition) => {
      expect(kept({ filter: { [condition]: null } })).toEqual([1, 2, 3, 4]);
      expect(kept({ filter: { [condition]: undefined } })).toEqual([1, 2, 3, 4]);
      expect(kept({ filter: { [condition]: [] } })).toEqual([]);
    },
  );

  it('is not restricted by arguments of null, and keeps nothing where a list is empty', () => {
    expect(kept({ status: null, phase: null, filter: null, orderBy: null, limit: null })).toEqual([
      1, 2, 3, 4,
    ]);
    expect(kept({ status: [] })).toEqual([]);
    expect(kept({ phase: [] })).toEqual([]);
  });

  it.each([
    [{ limit: -1 }, 'limit'],
    [{ filter: { bkHostId: ['1', 'x'] } }, 'filter.bkHostId'],
    [{ filter: { bkHostId: ['0'] } }, 'filter.bkHostId'],
    [{ filter: { bkCloudId: ['-1'] } }, 'filter.bkCloudId'],
  ])('%j is refused by the name of what is wrong', (selection, name) => {
    expect(() => kept(selection)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', message: expect.stringContaining(`${name} must`) }),
    );
  });

  it('keeps what a naive reading of the rules keeps', () => {
    const list = <Value>(...values: Value[]) => fc.option(fc.subarray(values), { nil: undefined, freq: 3 });
    const filter = fc.record({
      statusCode: list(0, 9, 11, 777),
      tag: list('', 'a'),
      exitCode: list(0, 137),
      errorCode: list(0, 999),
      ip: list('192.0.2.9', '9.0.0.1'),
      bkCloudId: list('0', '10'),
      bkHostId: list('40', '9007199254740993'),
    });
    const selection = fc.record({
      status: list('FAILED', 'SUCCEEDED', 'UNRECOGNIZED'),
      phase: list('FAILED', 'PENDING', 'UNRECOGNIZED'),
      filter,
      limit: fc.option(fc.nat(8), { nil: undefined }),
    }) as fc.Arbitrary<Required<Pick<IpResultSelection, 'filter'>> & IpResultSelection>;
    fc.assert(
      fc.property(arbitraryHostRows, selection, (rows, wanted) => {
        const all = buildHosts(rows);
        const expected = [...all]
          .filter((host) => naivelyMeets(host, wanted))
          .slice(0, wanted.limit ?? undefined);
        expect([...selectIpResults(all, wanted)]).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});

it('the values of all conditions are counted', () => {
  expect(listedValueCount({})).toBe(0);
  expect(listedValueCount({ status: null, filter: null })).toBe(0);
  const filter = {
    statusCode: [1],
    tag: ['a', 'b'],
    exitCode: [1, 2, 3, 4],
    errorCode: Array.from({ length: 8 }, () => 1),
    ip: Array.from({ length: 16 }, () => '192.0.2.1'),
    bkCloudId: Array.from({ length: 32 }, () => '0'),
    bkHostId: Array.from({ length: 64 }, () => '1'),
  };
  const status = Array.from({ length: 128 }, () => 'FAILED' as const);
  const phase = Array.from({ length: 256 }, () => 'FAILED' as const);
  expect(listedValueCount({ filter, status, phase })).toBe(511);
});

function naivelyMeets(host: StepIpResult, { status, phase, filter }: IpResultSelection): boolean {
  const values: Readonly<Record<string, unknown>> = { ...host, tag: host.tag ?? '' };
  if (status && !status.includes(ipResultStatus(host.statusCode))) return false;
  if (phase && !phase.includes(ipResultPhase(host.statusCode))) return false;
  return Object.entries(filter ?? {}).every(
    ([property, wanted]: [string, unknown]) =>
      wanted === undefined || (wanted as unknown[]).includes(values[property]),
  );
}
