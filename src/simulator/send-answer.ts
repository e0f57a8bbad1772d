import type { ServerResponse } from 'node:http';
import { rateLimited } from './apigw-v3-door.ts';
import type { Fault } from './faults.ts';
import type { FrontDoorAnswer } from './front-door-request.ts';

/** Tells the log what was sent. */
type Answered = (status: number, code: number | null) => void;

/** Sends an answer as a fault would have it. Resolves when everything that will be sent has been handed over. */
export async function sendAnswer(
  response: ServerResponse,
  { answer, fault }: { readonly answer: FrontDoorAnswer; readonly fault: Fault | null },
  answered: Answered,
): Promise<void> {
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'reset') {
    response.destroy();
    return;
  }
  if (fault?.kind === 'delay') await pause(response, fault.ms);
  const { status, headers, body, code } = fault === null ? answer : spoil(answer, fault);
  answered(status, code);
  if (fault?.kind === 'truncated') return truncate(response, { status, headers, body });
  if (fault?.kind === 'slow-drip') return drip(response, { status, headers, body }, fault);
  response.writeHead(status, headers).end(body);
}

type SentAnswer = Omit<FrontDoorAnswer, 'code'> & { readonly code: number | null };

/** What is sent in place of the right answer. */
function spoil(answer: FrontDoorAnswer, fault: Fault): SentAnswer {
  switch (fault.kind) {
    case 'html':
      return { status: 502, headers: { 'Content-Type': 'text/html' }, body: htmlPage, code: null };
    case 'empty':
      return { status: fault.status, headers: {}, body: '', code: null };
    case 'not-json':
      return { ...answer, body: 'OK', code: null };
    case 'wrong-types':
      return { ...answer, body: withWrongTypes(answer.body, fault.members) };
    case 'oversized':
      return { ...answer, body: answer.body + ' '.repeat(fault.bytes) };
    case 'rate-limited':
      return rateLimited(fault.resetSeconds);
    case 'envelope': {
      const body = JSON.stringify({ result: false, code: fault.code, message: fault.message });
      return { ...answer, status: 200, body, code: fault.code };
    }
    case 'sample':
      return { status: fault.status, headers: fault.headers, body: fault.body, code: null };
    default:
      return answer;
  }
}

const htmlPage =
  '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';

/** Puts a text where each of the members has its value, wherever it stands. */
function withWrongTypes(body: string, members: readonly string[]): string {
  return members.reduce(
    (text, member) =>
      text.replaceAll(new RegExp(`"${member}":(?:"[^"]*"|[^,{}[\\]]+|[{[]\\s*[}\\]]?)`, 'g'), (found) => {
        const opening = /[{[]$/.exec(found)?.[0];
        return opening === undefined
          ? `"${member}":"not what it must be"`
          : `"${member}":"not what it must be","was":${opening}`;
      }),
    body,
  );
}

function truncate(
  response: ServerResponse,
  { status, headers, body }: Omit<SentAnswer, 'code'>,
): Promise<void> {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  return new Promise((resolve) => {
    response.write(body.slice(0, body.length / 2), () => {
      response.destroy();
      resolve();
    });
  });
}

async function drip(
  response: ServerResponse,
  { status, headers, body }: Omit<SentAnswer, 'code'>,
  { bytesPerTick, tickMs }: Extract<Fault, { kind: 'slow-drip' }>,
): Promise<void> {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'Content-Length': bytes.length });
  for (let at = 0; at < bytes.length && !response.destroyed; at += bytesPerTick) {
    response.write(bytes.subarray(at, at + bytesPerTick));
    await pause(response, tickMs);
  }
  response.end();
}

/** Waits, but no longer than anybody is there to be answered. */
function pause(response: ServerResponse, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
