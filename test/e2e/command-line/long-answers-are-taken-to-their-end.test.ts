import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../support/raw-client.ts';
import { addressesOf, runProgram, type RunningProgram } from '../../support/run-program.ts';

// Of its log only what nobody expects.
const environment = {
  PORT: '0',
  BKJOB_GQL__LOG__LEVEL: 'warn',
  BKJOB_GQL__DEMAND_CONTROL__MAX: '100000000',
};
const inOrder = { code: 0, signal: null, stderr: '' };

/** An answer of which there is more than the system holds, and whose client takes nothing yet. */
async function askForMuch(program: RunningProgram): Promise<Response> {
  const { graphqlUrl } = await addressesOf(program);
  const hosts = Array.from('abcdefgh', (name) => `${name}: steps { ipResults { id ip status startTime } }`);
  const query = `{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000009") { ${hosts.join(' ')} } }`;
  const response = await fetch(graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  expect(response.status).toBe(200);
  return response;
}

describe('an answer that its client has not taken when the program is told to end', () => {
  it('is waited for until all of it is taken', async () => {
    await using program = runProgram({ environment });
    const response = await askForMuch(program);
    program.signal('SIGTERM');
    await refusalOf((await addressesOf(program)).graphqlUrl);
    expect((await response.text()).length).toBe(Number(response.headers.get('content-length')));
    expect(await program.ended).toMatchObject(inOrder);
  });

  it('is cut off with the end of the grace period, and is no fault', async () => {
    await using program = runProgram({
      environment: { ...environment, BKJOB_GQL__SHUTDOWN__GRACE_PERIOD: '300ms' },
    });
    const response = await askForMuch(program);
    program.signal('SIGTERM');
    expect(await program.ended).toMatchObject(inOrder);
    await expect(response.text()).rejects.toThrow();
  });
});
