import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A pipe that takes what its kernel buffer has room for, and no more until somebody reads. */
export interface UnreadPipe extends AsyncDisposable {
  readonly fd: number;
  /** Takes what is in it. */
  read(): Promise<string>;
}

/** Makes a named pipe, open at both ends, so that nobody waits for the other end. */
export async function createUnreadPipe(): Promise<UnreadPipe> {
  const folder = await mkdtemp(join(tmpdir(), 'pipe-'));
  const path = join(folder, 'pipe');
  await promisify(execFile)('mkfifo', [path]);
  const handle = await open(path, constants.O_RDWR | constants.O_NONBLOCK);
  return {
    fd: handle.fd,
    read: () => readAll(handle),
    [Symbol.asyncDispose]: async () => {
      await handle.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function readAll(handle: FileHandle): Promise<string> {
  const chunk = Buffer.alloc(64 * 1024);
  try {
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, null);
    return chunk.toString('utf8', 0, bytesRead);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return '';
    throw error;
  }
}
