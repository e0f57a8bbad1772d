import type { FaultList } from './fault-list.ts';
import type { FoundSettings } from './model.ts';
import type { CacheSettings } from './settings.ts';

const mebibyte = 1024 ** 2;

/** Null where nothing is to be told a second time. */
export function completeCache({ cache: { memory } }: FoundSettings, faults: FaultList): CacheSettings | null {
  const ttl = memory.ttl ?? 0;
  const terminalTtl = memory.terminal_ttl ?? ttl;
  if (terminalTtl < ttl) faults.addOf('cache.memory.terminal_ttl', 'must not be shorter than ttl');
  if (terminalTtl === 0) return null;
  return { ttl, terminalTtl, maxBytes: memory.max_bytes ?? 64 * mebibyte };
}
