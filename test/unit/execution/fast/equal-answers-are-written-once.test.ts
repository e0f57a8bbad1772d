import { describe, expect, it } from 'vitest';
import { JobApiError } from '../../../../src/domain/errors.ts';
import type { JobInstance } from '../../../../src/domain/job-instance.ts';
import type { JobReference } from '../../../../src/domain/scope.ts';
import { createAsk, newFastWay } from '../../../support/ask-fast.ts';
import { undisturbed } from '../../../support/long-work.ts';
import { buildJob, hostRow, stepData } from '../../../support/build-job.ts';

function jobOfManyHosts(): JobInstance {
  const ipResults = Array.from({ length: 200 }, (_none, index) => hostRow({ ip: `10.0.0.${String(index)}` }));
  return buildJob({ hostDetailRead: true, steps: [stepData({ ipResults })] });
}

const job = 'jobInstance(scope: {bkBizId: 1}, jobInstanceId: 100)';

describe('equal operations', () => {
  it('over what one read gave are written once', async () => {
    const ask = createAsk(`{ ${job} { name ipResults { ip status } } }`);
    const read = jobOfManyHosts();
    await ask(read);
    await ask(read);
    const [one, other] = await Promise.all([ask(read), ask(read)]);
    expect(one).not.toBeNull();
    expect([other!.buffer, other!.byteOffset]).toEqual([one!.buffer, one!.byteOffset]);
    expect(JSON.parse(Buffer.from(one!).toString())).toMatchObject({
      data: { jobInstance: { name: read.name } },
    });
  });

  it('by references are written once where all of them lead to the same', async () => {
    const reference = (id: string) => ({ __typename: 'JobInstance', bkBizId: 1, jobInstanceId: id });
    const ask = createAsk(
      'query ($references: [_Any!]!) { _entities(representations: $references) { ... on JobInstance { name ipResults { ip status } } } }',
    );
    const read = jobOfManyHosts();
    const twice = { references: [reference('100'), reference('100')] };
    const once = { references: [reference('100')] };
    for (const asked of [twice, twice]) await ask(read, asked);
    const [one, other, shorter] = await Promise.all([ask(read, twice), ask(read, twice), ask(read, once)]);
    expect([other!.buffer, other!.byteOffset]).toEqual([one!.buffer, one!.byteOffset]);
    const answer = JSON.parse(Buffer.from(one!).toString()) as { data: { _entities: readonly unknown[] } };
    expect(answer.data._entities).toHaveLength(2);
    expect(answer.data._entities[1]).toEqual(answer.data._entities[0]);
    expect(JSON.parse(Buffer.from(shorter!).toString())).toEqual({
      data: { _entities: answer.data._entities.slice(1) },
    });
  });

  it('by references of which one alone leads to the same have answers of their own', async () => {
    const reference = (id: string) => ({ __typename: 'JobInstance', bkBizId: 1, jobInstanceId: id });
    const ask = createAsk(
      'query ($references: [_Any!]!) { _entities(representations: $references) { ... on JobInstance { name ipResults { ip status } } } }',
    );
    const shared = jobOfManyHosts();
    const beside = (name: string) => ({
      jobInstanceLoader: {
        load: ({ jobInstanceId }: JobReference) =>
          Promise.resolve(jobInstanceId === '1' ? shared : { ...jobOfManyHosts(), name }),
        release: () => undefined,
        readCount: () => 2,
      },
    });
    const asked = { references: [reference('1'), reference('2')] };
    for (const _time of [1, 2]) await ask(shared, asked, beside('before'));
    const names = ['of the one', 'of the other'];
    const answers = await Promise.all(names.map((name) => ask(shared, asked, beside(name))));
    const told = answers.map((bytes) =>
      Array.from(
        Buffer.from(bytes!)
          .toString()
          .matchAll(/"name":"(.*?)"/g),
      ),
    );
    expect(told.map(([, second]) => second?.[1])).toEqual(names);
  });

  it('by references over two reads are written each for itself', async () => {
    const ask = createAsk(
      '{ _entities(representations: [{ __typename: "JobInstance", bkBizId: 1, jobInstanceId: "100" }]) { ... on JobInstance { ipResults { ip status } } } }',
    );
    for (const _time of [1, 2]) await ask(jobOfManyHosts());
    const [one, other] = await Promise.all([ask(jobOfManyHosts()), ask(jobOfManyHosts())]);
    expect(other!.buffer).not.toBe(one!.buffer);
    expect(other).toEqual(one);
  });

  it('over two reads are written each for itself, however equal these are', async () => {
    const ask = createAsk(`{ ${job} { name ipResults { ip status } } }`);
    await ask(jobOfManyHosts());
    await ask(jobOfManyHosts());
    const [one, other] = await Promise.all([ask(jobOfManyHosts()), ask(jobOfManyHosts())]);
    expect(other!.buffer).not.toBe(one!.buffer);
    expect(other).toEqual(one);
  });

  it('with other variables have answers of their own', async () => {
    const ask = createAsk(`query ($first: Int) { ${job} { name ipResults(limit: $first) { ip status } } }`);
    const read = jobOfManyHosts();
    for (const first of [200, 200]) await ask(read, { first });
    const [whole, two] = await Promise.all([ask(read, { first: 200 }), ask(read, { first: 2 })]);
    expect(JSON.parse(Buffer.from(two!).toString())).toMatchObject({
      data: { jobInstance: { ipResults: [{ ip: '10.0.0.0' }, { ip: '10.0.0.1' }] } },
    });
    expect(whole!.length).toBeGreaterThan(two!.length);
  });

  it('are found by their variables, of which each is looked through once however many there are', async () => {
    const ask = createAsk(
      `query ($ids: [ID!]) { ${job} { ipResults(filter: {bkHostId: $ids}) { ip status tag startTime } } }`,
    );
    const looks: string[] = [];
    const withId = (id: string) => ({
      ids: Object.assign(['101', id], {
        toJSON: () => {
          looks.push(id);
          return id;
        },
      }),
    });
    const read = jobOfManyHosts();
    for (const id of ['8', '9']) await ask(jobOfManyHosts(), withId(id));
    const asked = ['1', '2', '3', '2', '4'];
    const answers = await Promise.all(asked.map((id) => ask(read, withId(id))));
    expect(looks.toSorted()).toEqual(asked.toSorted());
    const places = answers.map((bytes) => bytes!.buffer);
    expect(places[3]).toBe(places[1]);
    expect(new Set(places).size).toBe(4);
  });

  it('that ask for other fields have answers of their own', async () => {
    const read = jobOfManyHosts();
    const fast = newFastWay();
    const asks = [
      createAsk(`{ ${job} { name ipResults { ip } } }`, fast),
      createAsk(`{ ${job} { name ipResults { tag } } }`, fast),
    ];
    for (const ask of asks) {
      await ask(read);
      await ask(read);
    }
    const [byIp, byTag] = await Promise.all(asks.map((ask) => ask(read)));
    expect(Buffer.from(byIp!).toString()).toContain('"ip":');
    expect(Buffer.from(byTag!).toString()).not.toContain('"ip":');
  });

  it('are written by somebody else where whoever writes leaves in the middle', async () => {
    const ask = createAsk(`{ ${job} { name ipResults { id ip status tag } } }`);
    const read = jobOfManyHosts();
    for (let time = 0; time < 2; time += 1) await ask(read);
    const leaving = new AbortController();
    const takeFor = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
    const longWork = { ...undisturbed, takeFor };
    const all = [ask(read, {}, { longWork, signal: leaving.signal }), ask(read), ask(read)];
    leaving.abort(new JobApiError('UPSTREAM_UNAVAILABLE'));
    const [left, one, other] = await Promise.all(all);
    expect(left).toBeNull();
    expect(Buffer.from(one!).toString()).toContain('10.0.0.199');
    expect([other!.buffer, other!.byteOffset]).toEqual([one!.buffer, one!.byteOffset]);
    expect(await ask(read)).toEqual(one);
  });
});
