import { describe, expect, it } from 'vitest';
import { listening, type Listener } from '../../src/cannot-listen.ts';

const address = { host: 'nowhere.example', port: 80 };

async function faultOf(listener: Listener, code: string): Promise<string> {
  const cause = Object.assign(new Error(`${code} in words of the system`), { code });
  const fault: unknown = await listening(listener, address, Promise.reject(cause)).catch(
    (error: unknown) => error,
  );
  return fault instanceof Error ? fault.message : '';
}

describe('what cannot be listened on', () => {
  it.each([
    ['EADDRINUSE', 'port 80 of nowhere.example is in use. BKJOB_GQL__SERVER__PORT sets another: '],
    ['EACCES', 'port 80 of nowhere.example is not for this user to take. BKJOB_GQL__SERVER__PORT sets '],
    [
      'EADDRNOTAVAIL',
      'nowhere.example is no address of this machine. BKJOB_GQL__SERVER__HOST sets another: ',
    ],
    ['ENOTFOUND', 'nowhere.example is no address, nor a name that has one. BKJOB_GQL__SERVER__HOST sets '],
    ['EAI_AGAIN', 'nowhere.example is no address, and nobody tells now whether it is a name that has one. '],
  ])('is told with the setting that names it: %s', async (code, told) => {
    expect(await faultOf('server', code)).toContain(told);
  });

  it.each([
    ['metrics', 'BKJOB_GQL__TELEMETRY__METRICS__LISTEN'],
    ['health', 'BKJOB_GQL__HEALTH_CHECK__LISTEN'],
    ['simulator', 'BKJOB_GQL__SIMULATOR__PORT'],
  ] as const)('is told with the setting of what listens there: %s', async (listener, variable) => {
    for (const code of ['EADDRINUSE', 'ENOTFOUND']) {
      expect(await faultOf(listener, code)).toContain(` ${variable} sets another: `);
    }
  });

  it('is told in the words of the system where no setting is at fault', async () => {
    expect(await faultOf('server', 'EMFILE')).toBe('EMFILE in words of the system');
  });
});

it('gives what has started', async () => {
  expect(await listening('server', address, Promise.resolve('started'))).toBe('started');
});
