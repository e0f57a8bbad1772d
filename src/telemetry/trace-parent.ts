/** A place in a trace, as the header traceparent tells it (W3C Trace Context). */
export interface TraceParent {
  readonly traceId: string;
  /** The header as it came, fit to be handed on. */
  readonly header: string;
}

const pattern = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;
const zeros = /^0+$/;

/** Reads the header; null where there is none, or none that can be right. */
export function readTraceParent(header: unknown): TraceParent | null {
  if (typeof header !== 'string') return null;
  const [, traceId = '0', spanId = '0'] = pattern.exec(header) ?? [];
  const isRight = !zeros.test(traceId) && !zeros.test(spanId) && !header.startsWith('ff');
  return isRight ? { traceId, header } : null;
}
