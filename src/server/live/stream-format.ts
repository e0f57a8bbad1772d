import type { Frame } from '../../execution/subscriptions/frame.ts';
import { frameMessage, type Message } from './message.ts';

/** How a stream of messages stands in the body of an HTTP answer. */
export interface StreamFormat {
  readonly transport: 'sse' | 'multipart';
  readonly contentType: string;
  /** What comes before everything. */
  readonly begin: string;
  message(frame: Frame): Message;
  /** What shows that the stream lives while there is nothing to tell. */
  readonly heartbeat: string;
  /** The end of a stream that has told everything. */
  readonly complete: string;
  /** The end of a stream that goes on elsewhere: clients open it anew. */
  readonly moved: string;
}

/** As graphql-sse has it, in distinct connections mode. A stream that ends without `complete` is opened anew by its client. */
const eventStream: StreamFormat = {
  transport: 'sse',
  contentType: 'text/event-stream; charset=utf-8',
  begin: ':\n\n',
  message: ({ bytes }) => frameMessage('event: next\ndata: ', bytes, '\n\n'),
  heartbeat: ':\n\n',
  complete: 'event: complete\ndata: \n\n',
  moved: '',
};

const partHead = '\r\ncontent-type: application/json; charset=utf-8\r\n\r\n';
const partEnd = '\r\n--graphql';

/**
 * As Apollo Client and Apollo Router speak it over HTTP. Each part ends with the delimiter of the next one, since
 * readers take a part when they see that.
 */
const multipart: StreamFormat = {
  transport: 'multipart',
  contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
  begin: '\r\n--graphql',
  message: ({ bytes }) => frameMessage(`${partHead}{"payload":`, bytes, `}${partEnd}`),
  heartbeat: `${partHead}{}${partEnd}`,
  complete: '--\r\n',
  moved: `${partHead}{"payload":null,"errors":[{"message":"The service is ending; subscribe again.","extensions":{"code":"UPSTREAM_UNAVAILABLE","retryable":true}}]}${partEnd}--\r\n`,
};

/** The format that a client asks for; null where it asks for none. */
export function formatFor(accept: string | undefined): StreamFormat | null {
  // What most send, without taking it apart.
  if (accept === undefined || accept === 'application/json' || accept === '*/*') return null;
  for (const type of accept.toLowerCase().split(',')) {
    if (/^\s*text\/event-stream\b/.test(type)) return eventStream;
    if (/^\s*multipart\/mixed\b.*subscriptionspec/.test(type)) return multipart;
  }
  return null;
}
