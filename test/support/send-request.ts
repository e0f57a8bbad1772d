import type { ReceivedResponse } from '../../src/upstream/exchange.ts';
import type { HttpRequest } from '../../src/upstream/http-request.ts';
import type { SendOptions, Transport } from '../../src/upstream/transport.ts';

/** Sends a request, and gives what becomes of it as a promise. */
export function sendRequest(
  transport: Transport,
  request: HttpRequest,
  options: SendOptions,
): Promise<ReceivedResponse> {
  return new Promise((answered, failed) => {
    transport.send(request, options, { answered, failed });
  });
}
