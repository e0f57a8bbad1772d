import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { settingsBehindGateway } from './gateway.ts';

/** The service in a process of its own. */
export interface JobService extends AsyncDisposable {
  readonly url: string;
}

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/**
 * Starts the built service on its embedded bk-job and a free port. It runs as in production, where nobody is answered
 * who has not signed in, but tells its schema to whom composes.
 */
export async function startJobService(): Promise<JobService> {
  const child = spawn(process.execPath, [main], {
    env: {
      ...settingsBehindGateway,
      NODE_ENV: 'production',
      BKJOB_GQL__UPSTREAM__KIND: 'embedded',
      BKJOB_GQL__SERVER__INTROSPECTION: 'on',
      BKJOB_GQL__SERVER__PORT: '0',
      BKJOB_GQL__TELEMETRY__METRICS__LISTEN: 'off',
      BKJOB_GQL__LOG__LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    // Ctrl-C is told to every process of the terminal's group. This one is ended by whoever started it.
    detached: true,
  });
  const ended = once(child, 'close');
  const dispose = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  const firstLine = once(createInterface(child.stdout), 'line');
  const [line] = (await Promise.race([firstLine, ended])) as [unknown];
  const url = /listens on (\S+),/.exec(String(line))?.[1];
  if (url !== undefined) return { url, [Symbol.asyncDispose]: dispose };
  await dispose();
  throw new Error('The service has not started.');
}
