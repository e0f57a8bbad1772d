import type { ServerResponse } from 'node:http';
import { JobApiError } from '../domain/errors.ts';

/** A signal that is aborted when the client leaves before it has its answer: then nobody waits for the work. */
export function createClientSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) {
      controller.abort(new JobApiError('UPSTREAM_UNAVAILABLE', 'The client left before it had its answer.'));
    }
  });
  return controller.signal;
}
