import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { startSimulator, type Simulator } from '../../src/simulator/index.ts';
import { freePort, isInstalled, onCore, startProcess } from '../measure/processes.ts';
import type { SimulatedJob } from '../../src/simulator/job-model.ts';
import { measuredJobs, unseenJob, unseenJobs } from './jobs.ts';

/** What answers as bk-job does while servers are measured. */
export interface Upstream extends AsyncDisposable {
  readonly url: string;
  readonly title: string;
  /** How often it has been called. */
  calls(): Promise<number>;
}

const statusPath = '/api/bk-job/prod/api/v3/get_job_instance_status';
const authorization = '{"bk_app_code":"demo_app","bk_app_secret":"demo_secret","bk_token":"alice"}';

/** Path of the read of a job. */
export function jobPath(jobInstanceId: number | string, hosts: boolean): string {
  const query = `bk_scope_type=biz&bk_scope_id=1&job_instance_id=${String(jobInstanceId)}&return_ip_result=${String(hosts)}`;
  return `${statusPath}?${query}`;
}

/** Starts nginx over files with the answers of the embedded bk-job, or that itself where nginx is not installed. */
export async function startUpstream(directory: string): Promise<Upstream> {
  return isInstalled('nginx') ? startNginx(directory) : startSimulatorProcess();
}

async function startNginx(directory: string): Promise<Upstream> {
  const unseen = await writeAnswers(join(directory, 'answers'));
  const port = await freePort();
  await writeFile(join(directory, 'nginx.conf'), nginxConfiguration({ directory, port, unseen }));
  const nginx = startProcess(onCore(0, ['nginx', '-p', directory, '-c', join(directory, 'nginx.conf')]));
  const url = `http://127.0.0.1:${String(port)}`;
  const calls = async (): Promise<number> => {
    const text = await (await fetch(`${url}/status`)).text();
    // The question itself is a request, too.
    return Number(/\n\s*\d+ \d+ (\d+)/.exec(text)?.[1]) - 1;
  };
  let asked = 0;
  for (let attempt = 0; attempt < 100; attempt++) {
    if (
      await fetch(`${url}/status`).then(
        () => true,
        () => false,
      )
    )
      break;
    await pause(50);
  }
  return {
    url,
    title: 'nginx, one worker, files with the answers of the embedded bk-job',
    calls: async () => (await calls()) - asked++,
    [Symbol.asyncDispose]: () => nginx.end(),
  };
}

/** Answers of a job with hosts and without, in which nginx puts the number of the job that is asked for. */
type AnswersOfUnseen = Readonly<Record<'true' | 'false', string>>;

async function writeAnswers(directory: string): Promise<AnswersOfUnseen> {
  await mkdir(join(directory, 'true'), { recursive: true });
  await mkdir(join(directory, 'false'), { recursive: true });
  await using simulator: Simulator = await startSimulator();
  const answerOf = async (job: SimulatedJob, hosts: boolean): Promise<string> => {
    simulator.world.addJob(job);
    const response = await fetch(`${simulator.url}${jobPath(job.jobInstanceId, hosts)}`, {
      headers: { 'X-Bkapi-Authorization': authorization },
    });
    const text = await response.text();
    if (!text.includes('"result":true')) throw new Error(text.slice(0, 500));
    simulator.world.removeJob(job.scope, job.jobInstanceId);
    return text;
  };
  for (const job of measuredJobs()) {
    for (const hosts of [true, false]) {
      const file = join(directory, String(hosts), `${job.jobInstanceId}.json`);
      await writeFile(file, await answerOf(job, hosts));
    }
  }
  const ofUnseen = async (hosts: boolean): Promise<string> =>
    (await answerOf(unseenJob(unseenJobs.first), hosts))
      .replaceAll(String(unseenJobs.first), '${arg_job_instance_id}')
      .replaceAll("'", "\\'");
  return { true: await ofUnseen(true), false: await ofUnseen(false) };
}

interface NginxOptions {
  readonly directory: string;
  readonly port: number;
  readonly unseen: AnswersOfUnseen;
}

/** No log, connections that stay, answers that no cache may keep. */
function nginxConfiguration({ directory, port, unseen }: NginxOptions): string {
  const scratch = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${directory}/${kind};`)
    .join('\n  ');
  return `daemon off;
worker_processes 1;
error_log stderr error;
pid ${directory}/nginx.pid;
events { worker_connections 2048; }
http {
  access_log off;
  default_type application/json;
  sendfile on; tcp_nopush on; tcp_nodelay on;
  etag off; if_modified_since off;
  keepalive_timeout 300s; keepalive_requests 1000000000;
  open_file_cache max=4000 inactive=600s; open_file_cache_valid 600s;
  ${scratch}
  server {
    listen 127.0.0.1:${String(port)} backlog=1024;
    root ${directory}/answers;
    add_header Cache-Control no-store;
    add_header Last-Modified "";
    location = ${statusPath} {
      set $unseen "";
      if ($arg_job_instance_id ~ "^9[0-9]{6}$") { set $unseen $arg_return_ip_result; }
      if ($unseen = "true") { return 200 '${unseen.true}'; }
      if ($unseen = "false") { return 200 '${unseen.false}'; }
      rewrite ^ /$arg_return_ip_result/$arg_job_instance_id.json break;
    }
    location = /status { stub_status; }
  }
}
`;
}

async function startSimulatorProcess(): Promise<Upstream> {
  const script = fileURLToPath(new URL('./simulator-process.ts', import.meta.url));
  const simulator = startProcess(onCore(0, [process.execPath, '--import', 'tsx', script]), { ipc: true });
  const ask = async (): Promise<unknown> => {
    const answered = once(simulator.child, 'message');
    simulator.child.send({});
    const [message] = await answered;
    return message as unknown;
  };
  const [{ url }] = (await once(simulator.child, 'message')) as [{ readonly url: string }];
  return {
    url,
    title: 'the embedded bk-job in a process of its own',
    calls: async () => ((await ask()) as { readonly calls: number }).calls,
    [Symbol.asyncDispose]: () => simulator.end(),
  };
}
