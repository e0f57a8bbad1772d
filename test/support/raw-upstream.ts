import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** What a request to the raw bk-job asked for. */
export interface RawRequest {
  readonly jobInstanceId: string;
  readonly hostDetail: boolean;
  /** What it is numbered with. */
  readonly requestId?: string | undefined;
}

/** What the raw bk-job does on a connection in place of an answer. */
export type RawPlay = (socket: Socket, request: RawRequest) => void;

/**
 * A bk-job of bytes: it does on a connection what no HTTP server would. It answers every job as right as bk-job does,
 * but for those that a play is set for.
 */
export interface RawUpstream extends AsyncDisposable {
  /** Address of the gateway's form, without the stage. */
  readonly url: string;
  /** Plays for these jobs instead of answering. */
  play(jobInstanceIds: readonly string[], play: RawPlay): void;
  /** Plays with every connection before anything is asked on it. */
  accept(play: (socket: Socket) => void): void;
  /** Ends all plays, and connections that were played with before anything was asked. */
  clear(): void;
  /** Connections that stand. */
  sockets(): number;
}

/** Starts it on a free port. */
export async function startRawUpstream(): Promise<RawUpstream> {
  const sockets = new Set<Socket>();
  const plays = new Map<string, RawPlay>();
  const accepted = new Set<Socket>();
  let acceptPlay: ((socket: Socket) => void) | null = null;

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    if (acceptPlay !== null) {
      accepted.add(socket);
      acceptPlay(socket);
      return;
    }
    let received = '';
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
      for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
        const request = readRequest(received.slice(0, end));
        received = received.slice(end + 4);
        const play = plays.get(request.jobInstanceId);
        if (play === undefined) socket.write(rightAnswer(request));
        else play(socket, request);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/api/bk-job`,
    play: (jobInstanceIds, play) => {
      for (const jobInstanceId of jobInstanceIds) plays.set(jobInstanceId, play);
    },
    accept: (play) => {
      acceptPlay = play;
      // Those that stand have been accepted already.
      for (const socket of sockets) socket.destroy();
    },
    clear: () => {
      plays.clear();
      acceptPlay = null;
      for (const socket of accepted) socket.destroy();
      accepted.clear();
    },
    sockets: () => sockets.size,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function readRequest(head: string): RawRequest {
  return {
    jobInstanceId: /[?&]job_instance_id=(\d+)/.exec(head)?.[1] ?? '0',
    hostDetail: head.includes('return_ip_result=true'),
    requestId: /\r\nx-request-id: ([^\r]*)/i.exec(head)?.[1],
  };
}

/** What bk-job says of a job: one step, on one host. */
export function rightBody({ jobInstanceId, hostDetail }: RawRequest): string {
  const host =
    '{"bk_host_id":101,"ip":"192.0.2.1","bk_cloud_id":0,"status":9,"tag":"","exit_code":0,"error_code":0,' +
    '"start_time":1000,"end_time":2000,"total_time":1000}';
  return (
    '{"result":true,"code":0,"job_request_id":"0123456789abcdef0123456789abcdef","data":{"finished":true,' +
    `"job_instance":{"bk_biz_id":2,"bk_scope_type":"biz","bk_scope_id":"2","job_instance_id":${jobInstanceId},` +
    `"name":"job ${jobInstanceId}","status":3,"create_time":500,"start_time":1000,"end_time":2000,"total_time":1000},` +
    '"step_instance_list":[{"step_instance_id":75,"name":"step","status":3,"type":1,"execute_count":0,' +
    '"create_time":500,"start_time":1000,"end_time":2000,"total_time":1000,' +
    `"step_ip_result_list":${hostDetail ? `[${host}]` : 'null'}}]}}`
  );
}

/** An answer as bk-job's gateway writes it. */
export function answerOf(
  body: string | Buffer,
  head = 'HTTP/1.1 200 OK',
  headers: readonly string[] = [],
): Buffer {
  const bytes = Buffer.from(body);
  const lines = [
    head,
    'Content-Type: application/json',
    ...(headers.some((line) => /^(content-length|transfer-encoding):/i.test(line))
      ? []
      : [`Content-Length: ${String(bytes.length)}`]),
    'X-Bkapi-Request-Id: 00000000-0000-4000-8000-000000000000',
    ...headers,
    '',
    '',
  ];
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), bytes]);
}

/** The right answer to a request. */
export function rightAnswer(request: RawRequest): Buffer {
  return answerOf(rightBody(request));
}
