import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** A terminal that takes what its kernel buffers have room for, and no more. */
export interface UnreadTerminal extends AsyncDisposable {
  readonly fd: number;
}

/** Has `script` make a terminal, and stops it before anything is read of that. */
export async function createUnreadTerminal(): Promise<UnreadTerminal> {
  const script = spawn('script', ['-qc', 'tty && exec sleep 1000', '/dev/null'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(script, 'exit');
  const [name] = (await once(script.stdout.setEncoding('utf8'), 'data')) as [string];
  script.kill('SIGSTOP');
  const handle = await open(name.trim(), constants.O_WRONLY | constants.O_NOCTTY);
  return {
    fd: handle.fd,
    [Symbol.asyncDispose]: async () => {
      await handle.close();
      script.kill('SIGKILL');
      await ended;
    },
  };
}
