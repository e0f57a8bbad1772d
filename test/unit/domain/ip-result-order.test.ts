import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  sortIpResults,
  sortKeyComparator,
  sortKeyOf,
  type IpResultOrder,
} from '../../../src/domain/ip-result-order.ts';
import { IpResults } from '../../../src/domain/ip-results.ts';
import type { StepIpResult } from '../../../src/domain/job-instance.ts';
import { ipResultsOfJob } from '../../../src/domain/ip-result-access.ts';
import { arbitraryHostRows } from '../../support/arbitrary-hosts.ts';
import { buildHosts, buildJob, hostRow, stepData } from '../../support/build-job.ts';

const measures = {
  STATUS: 'statusCode',
  EXIT_CODE: 'exitCode',
  START_TIME: 'startTime',
  END_TIME: 'endTime',
  TOTAL_TIME: 'totalTime',
} as const;

const everyOrder = ['HOST', ...Object.keys(measures)].flatMap((word) => [
  `${word}_ASC`,
  `${word}_DESC`,
]) as IpResultOrder[];

/** Hosts of all that may stand where an address or an id should, and of numbers that lie far apart. */
const arbitraryOddRow = fc
  .record({
    ip: fc.option(
      fc.oneof(
        fc.ipV4(),
        fc.ipV6(),
        fc.constantFrom(
          '01.0.1.0',
          '1.2.3',
          '',
          '"',
          '192.0.2.é',
          '10.0.0.9',
          '10.0.0.10',
          '255.255.255.255',
        ),
      ),
    ),
    bkCloudId: fc.option(fc.constantFrom('0', '2', '10', '-1', '', '007', '9007199254740993')),
    bkHostId: fc.option(
      fc.oneof(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }).map(String),
        fc.nat({ max: 3 }).map(String),
        fc.string(),
      ),
    ),
    statusCode: fc.maxSafeInteger(),
    startTime: fc.option(fc.oneof(fc.maxSafeInteger(), fc.nat({ max: 3 }))),
  })
  .map(hostRow);

describe('HOST_ASC', () => {
  it('goes by step, then cloud area, then address, then host, and counts occurrences last', () => {
    const rows = [
      hostRow({ bkCloudId: '1', ip: '192.0.2.1', bkHostId: '1' }),
      hostRow({ bkCloudId: '0', ip: '192.0.2.2', bkHostId: '1', startTime: 9_000 }),
      hostRow({ bkCloudId: '0', ip: '192.0.2.2', bkHostId: '1', startTime: 1_000 }),
      hostRow({ bkCloudId: '0', ip: '192.0.2.1', bkHostId: '3' }),
      hostRow({ bkCloudId: '0', ip: '192.0.2.1', bkHostId: '2' }),
    ];
    const job = buildJob({
      steps: ['75', '76'].map((stepInstanceId) => stepData({ stepInstanceId, ipResults: rows })),
    });
    const ofOneStep = ['2', '3', '1 1000', '1 9000', '1'];
    expect(Array.from(sortIpResults(ipResultsOfJob(job), 'HOST_ASC'), describeHost)).toEqual([
      ...ofOneStep.map((host) => `75 ${host}`),
      ...ofOneStep.map((host) => `76 ${host}`),
    ]);
  });

  function describeHost({ step, bkHostId, ip, startTime }: StepIpResult): string {
    const repeated = ip === '192.0.2.2' ? ` ${String(startTime)}` : '';
    return `${step.stepInstanceId} ${bkHostId ?? ''}${repeated}`;
  }

  it('compares addresses, cloud areas and hosts as numbers', () => {
    const addresses = [
      '9.0.0.1',
      '10.0.0.9',
      '10.0.0.10',
      '10.0.1.0',
      '10.0.200.1',
      '10.200.0.1',
      '192.0.2.1',
      '255.255.255.255',
    ];
    expect(
      sorted(
        addresses.map((ip) => hostRow({ ip })),
        'HOST_ASC',
        'ip',
      ),
    ).toEqual(addresses);
    const numbers = ['-1', '0', '2', '10', '9007199254740992', '9007199254740993'];
    expect(
      sorted(
        numbers.map((bkCloudId) => hostRow({ bkCloudId })),
        'HOST_ASC',
        'bkCloudId',
      ),
    ).toEqual(numbers);
    expect(
      sorted(
        numbers.map((bkHostId) => hostRow({ bkHostId })),
        'HOST_ASC',
        'bkHostId',
      ),
    ).toEqual(numbers);
  });

  it('puts what is no address after addresses, and missing ones last', () => {
    const addresses = ['192.0.2.1', '01.0.1.0', '1.0.0.256', '1.2.3.4.5', 'a1.2.3.4', 'fe80::1', null];
    expect(
      sorted(
        addresses.map((ip) => hostRow({ ip })),
        'HOST_ASC',
        'ip',
      ),
    ).toEqual(addresses);
  });

  it('knows an address that bk-job writes with escapes', () => {
    const hosts = buildHosts(['fe80::1', '\u00002.0.0.1', '9.0.0.1'].map((ip) => hostRow({ ip })));
    const { bytes } = hosts.table;
    bytes.write(String.raw`\u0031`, bytes.indexOf(String.raw`\u0000`));
    expect(Array.from(sortIpResults(hosts, 'HOST_ASC'), ({ ip }) => ip)).toEqual([
      '9.0.0.1',
      '12.0.0.1',
      'fe80::1',
    ]);
  });

  it('is reversed by HOST_DESC, but for what is missing', () => {
    const hosts = ['1', '2', '3', null];
    expect(
      sorted(
        hosts.map((bkHostId) => hostRow({ bkHostId })),
        'HOST_DESC',
        'bkHostId',
      ),
    ).toEqual(['3', '2', '1', null]);
  });
});

describe.each(Object.entries(measures))('%s', (word, property) => {
  const rows = [
    hostRow({ bkHostId: '4', [property]: 300 }),
    hostRow({ bkHostId: '3', [property]: 1_000 }),
    hostRow({ bkHostId: '2', [property]: 300 }),
    ...(property === 'statusCode' ? [] : [hostRow({ bkHostId: '1', [property]: null })]),
  ];
  const missing = property === 'statusCode' ? [] : ['1'];

  it('ascends with ties in the order of hosts and missing values last', () => {
    expect(sorted(rows, `${word}_ASC` as IpResultOrder, 'bkHostId')).toEqual(['2', '4', '3', ...missing]);
  });

  it('descends with ties in the order of hosts all the same and missing values last', () => {
    expect(sorted(rows, `${word}_DESC` as IpResultOrder, 'bkHostId')).toEqual(['3', '2', '4', ...missing]);
  });
});

describe.each(everyOrder)('%s', (order) => {
  it('is total: it does not depend on the order that it is given', () => {
    fc.assert(
      fc.property(arbitraryHostRows, fc.infiniteStream(fc.nat()), (rows, random) => {
        const hosts = buildHosts(rows);
        const shuffled = Array.from(hosts.rows, (row) => ({ row, place: random.next().value }))
          .sort((left, right) => left.place - right.place)
          .map(({ row }) => row);
        const sorted = sortIpResults(new IpResults(hosts.table, Uint32Array.from(shuffled)), order);
        expect([...sorted]).toEqual([...sortIpResults(hosts, order)]);
      }),
    );
  });

  it('is that of the keys by which cursors find their place', () => {
    fc.assert(
      fc.property(arbitraryHostRows, (rows) => {
        const compare = sortKeyComparator(order);
        const keys = Array.from(sortIpResults(buildHosts(rows), order), (host) => sortKeyOf(host, order));
        expect(keys).toEqual(keys.toSorted(compare));
      }),
    );
  });

  it('is that of the keys whatever addresses and ids are, hosts of several steps included', () => {
    fc.assert(
      fc.property(fc.array(fc.array(arbitraryOddRow, { maxLength: 12 }), { minLength: 1 }), (steps) => {
        const job = buildJob({ steps: steps.map((ipResults) => stepData({ ipResults })) });
        const { table, rows } = ipResultsOfJob(job);
        const compare = sortKeyComparator(order);
        const keyOf = (row: number) => sortKeyOf(table.resultOf(row), order);
        const expected = Array.from(rows).sort((left, right) => compare(keyOf(left), keyOf(right)));
        expect([...sortIpResults(ipResultsOfJob(job), order).rows]).toEqual(expected);
      }),
    );
  });

  it('leaves the list that it is given as it is', () => {
    const hosts = buildHosts([hostRow({ bkHostId: '2' }), hostRow({ bkHostId: '1' })]);
    const before = [...hosts];
    expect(sortIpResults(hosts, order)).toHaveLength(2);
    expect([...hosts]).toEqual(before);
  });
});

describe('an order of few hosts of many', () => {
  const hosts = buildHosts([
    hostRow({ bkHostId: '2', exitCode: 7 }),
    hostRow({ bkHostId: '1', exitCode: null }),
    hostRow({ bkHostId: '3', exitCode: 9 }),
  ]);
  const order = 'EXIT_CODE_DESC';

  it('takes no memory for those that it does not have', () => {
    const countless = { ...hosts.table, rowCount: Number.MAX_SAFE_INTEGER };
    const few = new IpResults(countless, Uint32Array.of(1, 2));
    expect(Array.from(sortIpResults(few, order), ({ bkHostId }) => bkHostId)).toEqual(['3', '1']);
  });

  it.each([[[]], [[1]]])('looks at none where these are all: %j', (rows) => {
    const look = (): never => {
      throw new Error('There is nothing to find out.');
    };
    const table = { ...hosts.table, stepOf: look, occurrences: look };
    expect([...sortIpResults(new IpResults(table, Uint32Array.from(rows)), order).rows]).toEqual(rows);
  });
});

function sorted<Property extends keyof StepIpResult>(
  rows: Parameters<typeof buildHosts>[0],
  order: IpResultOrder,
  property: Property,
): readonly StepIpResult[Property][] {
  const backwards = [...rows].reverse();
  const [there, back] = [rows, backwards].map((list) =>
    Array.from(sortIpResults(buildHosts(list), order), (row) => row[property]),
  );
  expect(there).toEqual(back);
  return there!;
}
