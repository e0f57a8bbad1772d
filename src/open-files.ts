import type { Settings } from './config/settings.ts';

/** What is kept free for the log, for metrics, for listening, and for what Node itself opens. */
const reserve = 100;

/** How many files this process may have open; null where the system does not tell. A connection is one. */
export function openFileLimit(): number | null {
  // The names of the machine's addresses, which a report would ask the network for, are not of interest.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : null;
}

/**
 * How many connections of clients are taken: as many as were set, or as there are files for beside those to bk-job. At
 * the limit of files a process cannot even refuse, nor write its log; so it refuses before.
 */
export function connectionsWithin(
  limit: number | null,
  wanted: { readonly maxConnections: number; readonly upstreamConnections: number },
): number {
  if (limit === null) return wanted.maxConnections;
  return Math.max(1, Math.min(wanted.maxConnections, limit - wanted.upstreamConnections - reserve));
}

/** What connections of clients may take, in this process. */
export function connectionSettings({ server, upstream }: Settings): Settings['server']['connections'] {
  const { maxConnections } = server.connections;
  const wanted = { maxConnections, upstreamConnections: upstream.connections };
  return { ...server.connections, maxConnections: connectionsWithin(openFileLimit(), wanted) };
}
