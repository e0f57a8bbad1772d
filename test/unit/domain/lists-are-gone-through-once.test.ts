import { describe, expect, it } from 'vitest';
import { connectIpResults } from '../../../src/domain/ip-result-connection.ts';
import { selectIpResults, type IpResultConditions } from '../../../src/domain/ip-result-filter.ts';
import { groupIpResults, type IpResultGroupBy } from '../../../src/domain/ip-result-groups.ts';
import { selectSteps, type StepConditions } from '../../../src/domain/step-selection.ts';
import type { IpResultStatus, JobPhase, StepInstanceStatus } from '../../../src/domain/status-codes.ts';
import { buildHosts, buildJob, hostRow, stepData } from '../../support/build-job.ts';

/** A list that counts how often one of its values is looked at. */
interface WatchedList<Value> {
  readonly list: readonly Value[];
  readonly looks: () => number;
}

function watched<Value>(...values: readonly Value[]): WatchedList<Value> {
  let looks = 0;
  const list = new Proxy(values, {
    get: (target, property): unknown => {
      if (property !== 'length' && Object.hasOwn(target, property)) looks += 1;
      return Reflect.get(target, property);
    },
  });
  return { list, looks: () => looks };
}

const hosts = buildHosts([
  hostRow({ bkHostId: '1', bkCloudId: '3', ip: '192.0.2.1', tag: 'a', statusCode: 11, exitCode: 1 }),
  hostRow({ bkHostId: '2', bkCloudId: '0', ip: '192.0.2.2', tag: 'b', errorCode: 9 }),
]);

const steps = [stepData(), stepData({ stepInstanceId: '76', statusCode: 4 }), stepData({ statusCode: 12 })];

type Ask = () => unknown;

/** Asks twice, and expects that the list is not looked at the second time. */
function expectOneLook<Value>({ looks }: WatchedList<Value>, ask: Ask): unknown {
  const first = ask();
  const after = looks();
  expect(after).toBeGreaterThan(0);
  expect(ask()).toEqual(first);
  expect(looks()).toBe(after);
  return first;
}

/** The numbers of the hosts that conditions keep. */
const kept = (conditions: IpResultConditions) => [...selectIpResults(hosts, conditions).rows];

describe('a list of an argument is gone through once for all that name it:', () => {
  it('states and phases of hosts', () => {
    const status = watched<IpResultStatus>('FAILED', 'RUNNING');
    expect(expectOneLook(status, () => kept({ status: status.list }))).toEqual([0]);
    const phase = watched<JobPhase>('SUCCEEDED', 'PENDING');
    expect(expectOneLook(phase, () => kept({ phase: phase.list }))).toEqual([1]);
  });

  it.each(['statusCode', 'exitCode', 'errorCode'] as const)('numbers of %s', (condition) => {
    const numbers = watched(1, 11, 9);
    const expected = { statusCode: [0, 1], exitCode: [0], errorCode: [1] }[condition];
    expect(expectOneLook(numbers, () => kept({ filter: { [condition]: numbers.list } }))).toEqual(expected);
  });

  it.each([
    ['tag', ['a', 'c'], [0]],
    ['ip', ['192.0.2.2', 'x'], [1]],
    ['bkCloudId', ['0', '4'], [1]],
    ['bkHostId', ['2', '1'], [0, 1]],
  ] as const)('texts of %s', (condition, wanted, expected) => {
    const texts = watched<string>(...wanted);
    expect(expectOneLook(texts, () => kept({ filter: { [condition]: texts.list } }))).toEqual(expected);
  });

  it('hosts of other jobs, pages and groups included', () => {
    const bkHostId = watched('1', '7');
    const filter = { bkHostId: bkHostId.list };
    kept({ filter });
    const looks = bkHostId.looks();
    const others = buildHosts([hostRow({ bkHostId: '7' }), hostRow({ bkHostId: '8' })]);
    expect([...selectIpResults(others, { filter }).rows]).toEqual([0]);
    expect(connectIpResults(others, { filter, orderBy: 'HOST_ASC', first: 1 }).totalCount).toBe(1);
    expect(groupIpResults(hosts, { filter, by: ['STATUS'], limit: 1 })).toMatchObject([{ count: 1 }]);
    expect(bkHostId.looks()).toBe(looks);
  });

  it('what groups are made by', () => {
    const by = watched<IpResultGroupBy>('TAG', 'TAG');
    const groups = expectOneLook(by, () => groupIpResults(hosts, { by: by.list, limit: 9 }));
    expect(groups).toMatchObject([{ tag: 'a' }, { tag: 'b' }]);
  });

  it('states and phases of steps, of which a job may have many', () => {
    const job = buildJob({ steps });
    const numbersOf = (conditions: StepConditions) =>
      selectSteps(job, conditions).map(({ statusCode }) => statusCode);
    const status = watched<StepInstanceStatus>('PENDING', 'FAILED');
    expect(expectOneLook(status, () => numbersOf({ status: status.list }))).toEqual([4]);
    const phase = watched<JobPhase>('PENDING', 'FAILED');
    expect(expectOneLook(phase, () => numbersOf({ phase: phase.list }))).toEqual([4, 12]);
    expect([status.looks(), phase.looks()]).toEqual([2, 2]);
  });

  it.each(['bkCloudId', 'bkHostId'] as const)(
    'one of %s that cannot be, which is refused again',
    (condition) => {
      const ids = watched('1', '2', 'x');
      const refusal = (): unknown => {
        try {
          return kept({ filter: { [condition]: ids.list } });
        } catch (thrown) {
          return thrown;
        }
      };
      expect(expectOneLook(ids, refusal)).toMatchObject({
        code: 'BAD_USER_INPUT',
        message: expect.stringContaining(`filter.${condition} must`),
      });
    },
  );
});

it('a list that stands for two things is held to the rules of each', () => {
  const zero = ['0'];
  expect(kept({ filter: { bkCloudId: zero } })).toEqual([1]);
  expect(() => kept({ filter: { bkCloudId: zero, bkHostId: zero } })).toThrow('filter.bkHostId must');
  expect(kept({ filter: { ip: zero } })).toEqual([]);
});
