import fc from 'fast-check';
import { parse, stringify } from 'lossless-json';
import { describe, expect, it } from 'vitest';
import { startSimulator, type SimulatorOptions } from '../../../src/simulator/index.ts';
import { jsonText, parseMembers, toJsonNumber, type Json } from '../../../src/simulator/json.ts';
import { createRandom, shuffled } from '../../../src/simulator/random.ts';
import { ask } from './ask.ts';

const asked = { parameters: { bk_biz_id: 2, job_instance_id: '20000000004', return_ip_result: true } };

/** Texts of a few answers of a simulator that is started for them. */
async function answersOf(options: SimulatorOptions): Promise<readonly string[]> {
  await using simulator = await startSimulator({ now: () => 1_800_000_000_000, ...options });
  const answers = [];
  for (let count = 0; count < 3; count += 1) answers.push((await ask(simulator, asked)).text);
  return answers;
}

function hostIdsOf(text: string): readonly string[] {
  return [...text.matchAll(/"bk_host_id":(\d+)/g)].map(([, id]) => id ?? '');
}

describe('equal seeds', () => {
  it('make equal answers, ids and all', async () => {
    expect(await answersOf({ seed: 5 })).toEqual(await answersOf({ seed: 5 }));
    expect(await answersOf({ seed: 5 })).not.toEqual(await answersOf({ seed: 6 }));
  });

  it('make hosts come in equal orders, where they come in another one with every answer', async () => {
    const [first = '', second = ''] = await answersOf({ seed: 5, shuffleHosts: true });
    expect(hostIdsOf(first)).not.toEqual(hostIdsOf(second));
    expect(hostIdsOf(first).toSorted()).toEqual(hostIdsOf(second).toSorted());
    expect(await answersOf({ seed: 5, shuffleHosts: true })).toEqual([first, second, expect.anything()]);
  });

  it('leave hosts in their order unless it is asked otherwise', async () => {
    const [first = '', second = ''] = await answersOf({});
    expect(hostIdsOf(first)).toEqual(hostIdsOf(second));
  });
});

describe('shuffling', () => {
  it('keeps every item', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        expect(shuffled(createRandom(seed), items).toSorted()).toEqual(items.toSorted());
      }),
    );
  });
});

describe('JSON', () => {
  const anyJson = fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 4 },
      fc.constant(null),
      fc.boolean(),
      fc.integer(),
      fc.bigInt(),
      fc.string({ unit: 'binary' }),
      fc.array(tie('json')),
      fc.dictionary(fc.string(), tie('json'), { noNullPrototype: true }),
    ),
  })).json;

  it('keeps whole numbers of any size', () => {
    fc.assert(
      fc.property(anyJson, (json) => {
        const text = jsonText(json);
        expect(stringify(parse(text, undefined, { parseNumber: BigInt }))).toBe(text);
      }),
    );
  });

  it('leaves out members that are undefined, with and without large numbers', () => {
    expect(jsonText({ a: undefined, b: [1n, { c: undefined }], d: 'x"y' })).toBe('{"b":[1,{}],"d":"x\\"y"}');
    expect(jsonText({ a: undefined, b: [1, { c: undefined }], d: 'x"y' })).toBe('{"b":[1,{}],"d":"x\\"y"}');
  });

  it('has ids as they stand, digit by digit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (id) => {
        expect(jsonText({ id: toJsonNumber(String(id)) })).toBe(`{"id":${String(id)}}`);
      }),
    );
    expect([toJsonNumber(null), toJsonNumber(undefined)]).toEqual([null, undefined]);
  });

  it('is read with numbers as their digits, and texts untouched', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.string(), fc.boolean(), (number, text, truth) => {
        const body = `{ "number": ${String(number)}, "text": ${JSON.stringify(text)}, "truth":${String(truth)}, "none": null, "list": [1] }`;
        expect(parseMembers(body)).toEqual({ number: String(number), text, truth: String(truth) });
      }),
    );
  });

  it.each(['', '{', '[]', 'null', '1', '"x"', '{"a":01x}'])('that is no object is none: %s', (text) => {
    expect(parseMembers(text)).toBeNull();
  });
});

describe('a simulator', () => {
  it('tells its address, and frees the port when it is closed, once or twice', async () => {
    const first = await startSimulator();
    const { port } = new URL(first.url);
    await expect(startSimulator({ port: Number(port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await first.close();
    await first.close();
    const second = await startSimulator({ port: Number(port) });
    expect(second.url).toBe(`http://127.0.0.1:${port}`);
    await second.close();
  });
});
