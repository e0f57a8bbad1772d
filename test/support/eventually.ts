import { vi } from 'vitest';
import { patience } from './patience.ts';

/** Resolves with what `look` gives as soon as it throws no more; with what it threw last where that takes too long. */
export const eventually = <T>(look: () => T | Promise<T>): Promise<T> => vi.waitFor(look, patience);

/** Resolves as soon as `holds` gives true. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitUntil(holds, patience);
}
