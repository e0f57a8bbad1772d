import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeHost, nameHost, orderHosts } from '../../../../src/server/watch/page/hosts.ts';
import type { Host, Phase } from '../../../../src/server/watch/page/model.ts';
import { hostPhases } from '../../../../src/server/watch/page/phases.ts';

const plain: Host = {
  ip: '192.0.2.3',
  bkCloudId: '0',
  bkHostId: '103',
  phase: 'FAILED',
  status: 'SCRIPT_NONZERO_EXIT',
  tag: 'port in use',
  exitCode: 7,
  totalTime: 1500,
};

describe('hosts', () => {
  it('stand in the order of their addresses, not of their texts, and those without one at the end', () => {
    const ips = ['10.0.0.10', '192.0.2.1', null, '10.0.0.9'];
    const ordered = orderHosts(
      ips.map((ip) => ({ ...plain, ip })),
      'address',
    );
    expect(ordered.map(({ ip }) => ip)).toEqual(['10.0.0.9', '10.0.0.10', '192.0.2.1', null]);
  });

  it('stand in the same order however bk-job lists them', () => {
    const hosts = Array.from({ length: 20 }, (_, index) => ({
      ...plain,
      ip: `192.0.2.${String(index)}`,
      phase: hostPhases[index % hostPhases.length]!,
    }));
    fc.assert(
      fc.property(
        fc.shuffledSubarray(hosts, { minLength: 20 }),
        fc.constantFrom('address', 'phase'),
        (shuffled, order) => {
          expect(orderHosts(shuffled, order)).toEqual(orderHosts(hosts, order));
        },
      ),
    );
  });

  it('that failed come first where that is wanted', () => {
    const phases: readonly Phase[] = ['SUCCEEDED', 'RUNNING', 'FAILED', 'PENDING', 'STOPPED'];
    const ordered = orderHosts(
      phases.map((phase) => ({ ...plain, phase })),
      'phase',
    );
    expect(ordered.map(({ phase }) => phase)).toEqual([
      'FAILED',
      'STOPPED',
      'RUNNING',
      'PENDING',
      'SUCCEEDED',
    ]);
  });

  it('are told in a line, whatever is known of them', () => {
    expect(describeHost(plain)).toBe(
      '192.0.2.3 · host 103 · failed: script nonzero exit · exit code 7 · tag “port in use” · took 1.5 s',
    );
    const bare = {
      ...plain,
      ip: null,
      phase: 'PENDING',
      status: 'WAITING',
      tag: '',
      exitCode: null,
      totalTime: null,
    } as const;
    expect(describeHost(bare)).toBe('host 103 · pending: waiting');
    expect(nameHost({ ...plain, bkCloudId: '3' })).toBe('192.0.2.3 in area 3');
    expect(nameHost({ ...plain, ip: null, bkHostId: null })).toBe('a host without a name');
  });
});
