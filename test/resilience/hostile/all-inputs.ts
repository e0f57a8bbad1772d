import { hostileBodies } from './bodies.ts';
import { hostileDocuments } from './documents.ts';
import { hostileFrames } from './frames.ts';
import { hostileHeads } from './heads.ts';
import type { HostileInput } from './input.ts';
import { hostileSockets } from './sockets.ts';
import { hostileStreams } from './streams.ts';

/** All that no client should send, of every kind. */
export function hostileInputs(): readonly HostileInput[] {
  return [
    ...hostileDocuments(),
    ...hostileBodies(),
    ...hostileHeads(),
    ...hostileSockets(),
    ...hostileFrames(),
    ...hostileStreams(),
  ];
}
