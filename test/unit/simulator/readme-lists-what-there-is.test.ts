import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../../src/simulator/index.ts';
import { ask, send } from './ask.ts';

const readme = readFileSync(new URL('../../../src/simulator/README.md', import.meta.url), 'utf8');

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

/** First cells of the rows of the table below a heading. */
function rowsBelow(heading: string): readonly (readonly string[])[] {
  const section = readme.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  const rows = [...section.matchAll(/^\| (.*) \|$/gm)].map(([, row = '']) =>
    row.split('|').map((cell) => cell.trim().replaceAll('`', '')),
  );
  return rows.slice(2);
}

describe('the simulator’s README', () => {
  it('lists every job by its scope, and no other', () => {
    const listed = rowsBelow('Jobs').flatMap(([scope = '', numbers = '']) => {
      const [first = '', last = first] = numbers.split(' to ');
      const count = Number(BigInt(last) - BigInt(first)) + 1;
      return Array.from({ length: count }, (_, index) => `${scope} ${String(BigInt(first) + BigInt(index))}`);
    });
    const held = simulator.world
      .jobs()
      .map(({ scope, jobInstanceId }) => `${scope.type} ${scope.id} ${jobInstanceId}`);
    expect(listed.toSorted()).toEqual(held.toSorted());
  });

  it('lists every kind of fault', async () => {
    const { text } = await send(`${simulator.url}/simulator/faults`, {
      method: 'POST',
      body: '{"fault":{}}',
    });
    const kinds = /kinds (.*), each/.exec(text)?.[1]?.split(', ') ?? [];
    expect(rowsBelow('Faults').map(([kind]) => kind)).toEqual(kinds);
  });

  it('lists every control path', async () => {
    const { text } = await send(`${simulator.url}/simulator/`);
    const { paths } = JSON.parse(text) as { paths: readonly string[] };
    expect(rowsBelow('Over HTTP').map(([path]) => path)).toEqual(expect.arrayContaining([...paths]));
    expect(rowsBelow('Over HTTP')).toHaveLength(paths.length);
  });

  it('lists every member of a call record', async () => {
    await ask(simulator);
    const [record = {}] = simulator.calls.all();
    const sentence = /one record for each request .*?: (.*?)\. /.exec(readme)?.[1] ?? '';
    expect(sentence.replaceAll('`', '').split(', ')).toEqual(Object.keys(record));
  });

  it('shows requests that are answered', async () => {
    const [gateway = '', esb = ''] = [...readme.matchAll(/^curl -s "\$URL(.*?)"/gm)].map(
      ([, path = '']) => path,
    );
    const header = /-H 'X-Bkapi-Authorization: (.*)'/.exec(readme)?.[1] ?? '';
    const body = /-d '(.*)'/.exec(readme)?.[1] ?? '';
    const got = await send(simulator.url + gateway, { headers: { 'X-Bkapi-Authorization': header } });
    const posted = await send(simulator.url + esb, { method: 'POST', body });
    for (const { text } of [got, posted]) expect(text).toMatch(/^\{"code":0,"result":true/);
  });
});
