import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectIpResults, type IpResultPage } from '../../../src/domain/ip-result-connection.ts';
import { sortIpResults, type IpResultOrder } from '../../../src/domain/ip-result-order.ts';
import type { IpResults } from '../../../src/domain/ip-results.ts';
import type { StepIpResult } from '../../../src/domain/job-instance.ts';
import { arbitraryHostRows } from '../../support/arbitrary-hosts.ts';
import { buildHosts, hostRow } from '../../support/build-job.ts';

const hosts = buildHosts(['3', '1', '2', '5', '4'].map((bkHostId) => hostRow({ bkHostId })));

function page(overrides: Partial<IpResultPage> = {}) {
  const { edges, pageInfo, totalCount } = connectIpResults(hosts, {
    orderBy: 'HOST_ASC',
    first: 2,
    ...overrides,
  });
  return {
    hosts: edges.map(({ node }) => node.bkHostId),
    pageInfo,
    totalCount,
    cursors: edges.map(({ cursor }) => cursor),
  };
}

describe('a page of hosts', () => {
  it('goes on after the last host of the page before it', () => {
    const first = page();
    expect(first).toMatchObject({ hosts: ['1', '2'], totalCount: 5 });
    expect(first.pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: first.cursors[0],
      endCursor: first.cursors[1],
    });
    const second = page({ after: first.pageInfo.endCursor });
    expect(second).toMatchObject({
      hosts: ['3', '4'],
      pageInfo: { hasNextPage: true, hasPreviousPage: true },
    });
    const last = page({ after: second.pageInfo.endCursor });
    expect(last).toMatchObject({ hosts: ['5'], pageInfo: { hasNextPage: false, hasPreviousPage: true } });
    const beyond = page({ after: last.pageInfo.endCursor });
    expect(beyond).toMatchObject({ hosts: [], totalCount: 5 });
    expect(beyond.pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: true,
      startCursor: null,
      endCursor: null,
    });
  });

  it('can be followed from any host in it', () => {
    expect(page({ after: page().cursors[0]! }).hosts).toEqual(['2', '3']);
  });

  it('has no next page where it ends with the last host', () => {
    expect(page({ first: 5 }).pageInfo.hasNextPage).toBe(false);
    expect(page({ first: 4 }).pageInfo.hasNextPage).toBe(true);
  });

  it('counts what the conditions keep', () => {
    expect(page({ filter: { bkHostId: ['1', '5', '4'] } })).toMatchObject({
      hosts: ['1', '4'],
      totalCount: 3,
    });
  });

  it('treats a cursor of null as none', () => {
    expect(page({ after: null })).toMatchObject({ hosts: ['1', '2'], pageInfo: { hasPreviousPage: false } });
  });

  it.each([
    [0, false],
    [-1, false],
    [1, true],
    [1_000, true],
    [1_001, false],
  ])('of size %i is allowed: %s', (first, allowed) => {
    if (allowed) expect(page({ first }).hosts).toHaveLength(Math.min(first, 5));
    else
      expect(() => page({ first })).toThrow(
        expect.objectContaining({ code: 'BAD_USER_INPUT', message: 'first must be from 1 to 1000.' }),
      );
  });
});

const encode = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url');
const place = ['00000000000000000000', 3221225985, '00000000000000000101', 0];

describe('a cursor', () => {
  it('that a client made up of the right parts is a place like any other', () => {
    expect(page({ after: encode(['HOST_ASC', 0, ...place]) }).hosts).toEqual([]);
    expect(page({ after: encode(['HOST_ASC', -1, ...place]) }).hosts).toEqual(['1', '2']);
  });

  it('may be as long as 4096 characters', () => {
    const longest = encode(['HOST_ASC', 0, 'x'.repeat(3_019), ...place.slice(1)]);
    expect(longest).toHaveLength(4_096);
    expect(page({ after: longest }).hosts).toEqual([]);
  });

  it.each([
    ['is empty', ''],
    ['is no base64', '???'],
    ['holds no JSON', Buffer.from('hello').toString('base64url')],
    ['holds no list', encode({ order: 'HOST_ASC' })],
    ['holds a list of nothing', encode([])],
    ['is of another order', encode(['HOST_DESC', 0, ...place])],
    ['is of an order with longer keys', encode(['HOST_ASC', 9, 0, ...place])],
    ['has too few parts', encode(['HOST_ASC', ...place])],
    ['has parts of other types', encode(['HOST_ASC', 0, {}, ...place.slice(1)])],
    ['has parts that are lists', encode(['HOST_ASC', 0, ['0'], ...place.slice(1)])],
    ['has parts that are booleans', encode(['HOST_ASC', true, ...place])],
    ['is longer than any', encode(['HOST_ASC', 0, 'x'.repeat(4_000), ...place.slice(1)])],
  ])('that %s is refused', (_fault, after) => {
    expect(() => page({ after })).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        message: 'after is not a cursor of this list in this order.',
      }),
    );
  });
});

const orders: readonly IpResultOrder[] = [
  'HOST_ASC',
  'HOST_DESC',
  'STATUS_DESC',
  'EXIT_CODE_ASC',
  'START_TIME_DESC',
  'TOTAL_TIME_ASC',
];

describe.each(orders)('pages in the order %s', (orderBy) => {
  it('hold every host once and in order, however large they are', () => {
    fc.assert(
      fc.property(arbitraryHostRows, fc.integer({ min: 1, max: 7 }), (rows, first) => {
        const all = buildHosts(rows);
        const walked = walk(() => all, { orderBy, first });
        expect(walked).toEqual([...sortIpResults(all, orderBy)]);
      }),
    );
  });
});

describe.each(['HOST_ASC', 'HOST_DESC'] as const)('pages in the order %s', (orderBy) => {
  it('lose and repeat no host while the job goes on', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 5 }),
        (ids, first) => {
          let round = 0;
          const moving = () => {
            round += 1;
            return buildHosts(
              ids.map((id) =>
                hostRow({
                  bkHostId: String(id),
                  statusCode: (id + round) % 3 === 0 ? 9 : 7,
                  startTime: id * round,
                }),
              ),
            );
          };
          const walked = walk(moving, { orderBy, first }).map(({ bkHostId }) => Number(bkHostId));
          const expected = [...ids].sort((left, right) =>
            orderBy === 'HOST_ASC' ? left - right : right - left,
          );
          expect(walked).toEqual(expected);
        },
      ),
    );
  });
});

function walk(
  read: () => IpResults,
  { orderBy, first }: Pick<IpResultPage, 'orderBy' | 'first'>,
): StepIpResult[] {
  const walked: StepIpResult[] = [];
  for (let after: string | null = null; ;) {
    const { edges, pageInfo } = connectIpResults(read(), { orderBy, first, after });
    walked.push(...edges.map(({ node }) => node));
    if (!pageInfo.hasNextPage) return walked;
    after = pageInfo.endCursor;
  }
}
