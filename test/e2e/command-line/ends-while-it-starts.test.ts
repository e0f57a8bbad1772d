import { expect, it } from 'vitest';
import { addressesOf, runProgram } from '../../support/run-program.ts';

/** Has the program be told to end once all signals are listened to, before anything else is loaded. */
const toldAtOnce = (signal: string): string =>
  `data:text/javascript,process.on('newListener',(name)=>name==='SIGHUP'&&setImmediate(()=>process.kill(process.pid,'${signal}')))`;

it.each(['SIGTERM', 'SIGINT', 'SIGHUP'])(
  'ends with exit code 0 and has listened nowhere where it is told to end while it is loaded: %s',
  async (signal) => {
    await using program = runProgram({
      nodeArgs: ['--import', toldAtOnce(signal)],
      environment: { PORT: '0' },
    });
    expect(await program.ended).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  },
);

it('ends in order when it has started, as if it had not listened before', async () => {
  await using program = runProgram({ environment: { PORT: '0', BKJOB_GQL__SHUTDOWN__DRAIN_DELAY: '60s' } });
  const { graphqlUrl } = await addressesOf(program);
  program.signal('SIGTERM');
  const ready = new URL('/health?ready', graphqlUrl);
  let status = 200;
  while (status === 200) ({ status } = await fetch(ready));
  expect(status).toBe(503);
  program.signal('SIGTERM');
  expect(await program.ended).toMatchObject({ code: 1, signal: null });
});
