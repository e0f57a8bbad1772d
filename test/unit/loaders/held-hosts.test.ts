import { describe, expect, it } from 'vitest';
import { createIpResultTable, type IpResultTable } from '../../../src/domain/ip-results.ts';
import { HeldHosts } from '../../../src/loaders/held-hosts.ts';
import { createHeldHosts } from '../../support/create-held-hosts.ts';

/** Hosts that take so many bytes. */
function hostsOfBytes(numberBytes: number, textBytes = 0): IpResultTable {
  return createIpResultTable(
    {
      numbers: new Float64Array(numberBytes / 8),
      spans: new Int32Array(0),
      bytes: Buffer.from(new ArrayBuffer(textBytes)),
      counts: [1],
    },
    [],
  );
}

describe('room for hosts', () => {
  it('is for numbers and texts, up to the last byte', () => {
    const held = createHeldHosts();
    expect(held.hold(hostsOfBytes(400, 200), 'alice')).toBe(true);
    expect(held.hold(hostsOfBytes(400), 'bob')).toBe(true);
    expect(held.taken).toBe(1000);
    expect(held.hold(hostsOfBytes(8), 'carol')).toBe(false);
    expect(held.taken).toBe(1000);
  });

  it('is never used up by one caller alone', () => {
    const held = createHeldHosts();
    const first = hostsOfBytes(400);
    expect(held.hold(first, 'alice')).toBe(true);
    expect(held.hold(hostsOfBytes(352), 'alice')).toBe(false);
    expect(held.hold(hostsOfBytes(344), 'alice')).toBe(true);
    expect(held.hold(hostsOfBytes(8), 'alice')).toBe(false);
    expect(held.hold(hostsOfBytes(8), 'bob')).toBe(true);
    held.giveBack(first, 'alice');
    expect(held.hold(hostsOfBytes(400), 'alice')).toBe(true);
  });

  it('is told at any time, and where there is none', () => {
    let refusals = 0;
    let taken = () => NaN;
    const held = new HeldHosts(1000, {
      refused: () => (refusals += 1),
      gaugeOpened: (read) => (taken = read),
    });
    expect(taken()).toBe(0);
    held.hold(hostsOfBytes(400), 'alice');
    expect([taken(), refusals]).toEqual([400, 0]);
    held.hold(hostsOfBytes(400), 'alice');
    expect([taken(), refusals]).toEqual([400, 1]);
  });

  it('is there for any one job where nothing is held', () => {
    const held = createHeldHosts();
    const large = hostsOfBytes(4000);
    expect(held.hold(large, 'alice')).toBe(true);
    expect(held.hold(hostsOfBytes(8), 'bob')).toBe(false);
    held.giveBack(large, 'alice');
    expect(held.taken).toBe(0);
    expect(held.hold(hostsOfBytes(8), 'bob')).toBe(true);
  });

  it('is taken once for the same hosts, and back when nobody holds them', () => {
    const held = createHeldHosts();
    const shared = hostsOfBytes(600);
    expect(held.hold(shared, 'alice')).toBe(true);
    expect(held.hold(shared, 'alice')).toBe(true);
    expect(held.taken).toBe(600);
    held.giveBack(shared, 'alice');
    expect(held.taken).toBe(600);
    held.giveBack(shared, 'alice');
    expect(held.taken).toBe(0);
    held.giveBack(shared, 'alice');
    expect(held.taken).toBe(0);
  });
});
