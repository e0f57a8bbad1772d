import { expect, it } from 'vitest';
import { askGraphqlJs, createAsk } from '../../../support/ask-fast.ts';
import { buildJob, hostRow, stepData } from '../../../support/build-job.ts';

it.each(['first', 'toString', 'hasOwnProperty', 'constructor', '__proto__'])(
  'a variable that nobody sent has no value, whatever its name is: %s',
  async (name) => {
    const hosts = [hostRow({ ip: '10.0.0.1' }), hostRow({ ip: '10.0.0.2' })];
    const read = buildJob({ hostDetailRead: true, steps: [stepData({ ipResults: hosts })] });
    const document = `query ($${name}: Int) {
      jobInstance(scope: {bkBizId: 1}, jobInstanceId: 100) {
        ipResultConnection(first: $${name}) { edges { node { ip } } }
        ipResultGroups(limit: $${name}) { count ipResults(limit: $${name}) { ip } }
        ipResults(limit: $${name}) { ip }
      }
    }`;
    const ask = createAsk(document);
    await ask(read);
    const answer = await ask(read);
    expect(Buffer.from(answer!).toString()).toBe(await askGraphqlJs(document, read));
  },
);
