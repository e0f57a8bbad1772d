import { STATUS_CODES } from 'node:http';
import { answerHeaders, toErrorBody, type Refusal } from './refusals.ts';

/** A refusal as it goes over a connection that no answer is made for. */
export function toRawAnswer(refusal: Refusal): string {
  const body = toErrorBody(refusal.error);
  const headers = {
    ...answerHeaders,
    connection: 'close',
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
  };
  const status = `${String(refusal.statusCode)} ${STATUS_CODES[refusal.statusCode] ?? ''}`;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status}\r\n${lines.join('')}\r\n${body}`;
}
