import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { addControlledJob, type ControlledJob } from '../../support/live/controlled-job.ts';
import { connect, followOverSocket } from '../../support/live/follow-over-socket.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestService, type TestService } from '../../support/start-test-service.ts';

let service: TestService;
let job: ControlledJob;
let clients: Client[] = [];

beforeEach(async () => {
  service = await startTestService({
    environment: {
      BKJOB_GQL__SHUTDOWN__WEBSOCKET_DRAIN_WINDOW: '0',
      BKJOB_GQL__SERVER__ALLOWED_ORIGINS: 'https://cmdb.example.com',
      BKJOB_GQL__SUBSCRIPTION__MAX_PER_CONNECTION: '3',
      BKJOB_GQL__SUBSCRIPTION__MAX_PER_IDENTITY: '5',
      BKJOB_GQL__SUBSCRIPTION__WEBSOCKET__CONNECTION_INIT_TIMEOUT: '100ms',
    },
  });
  job = addControlledJob(service.simulator);
});
afterEach(async () => {
  for (const one of clients) await one.dispose();
  clients = [];
  await service[Symbol.asyncDispose]();
});

const socketUrl = () => new URL('/ws', service.graphqlUrl).href.replace('http', 'ws');

function client(options: Parameters<typeof connect>[1] = {}): Client {
  const one = connect(socketUrl(), options);
  clients.push(one);
  return one;
}

const follow = (selection = 'phase finished', argument = '') => `subscription {
  jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "42" ${argument}) { ${selection} }
}`;
const signedInAs = (token: string) => ({ 'X-Bkapi-Authorization': JSON.stringify({ bk_token: token }) });
const reads = () => service.simulator.calls.all().map(({ returnIpResult }) => returnIpResult);

describe('a job that is followed over WebSocket', () => {
  it('comes at once, on every change of what is selected, and ends with the message that it is over', async () => {
    const followed = followOverSocket(client(), follow());
    expect(await followed.until(1)).toEqual({
      data: { jobInstanceUpdated: { phase: 'RUNNING', finished: false } },
    });
    job.become(7);
    await followed.until(2);
    job.become(3);
    await followed.completed;
    expect(followed.payloads.map(({ data }) => data?.['jobInstanceUpdated'])).toEqual([
      { phase: 'RUNNING', finished: false },
      { phase: 'BLOCKED', finished: false },
      { phase: 'SUCCEEDED', finished: true },
    ]);
    expect(new Set(reads())).toEqual(new Set([false]));
  });

  it('says nothing while nothing changes that is selected', async () => {
    const quiet = followOverSocket(client(), follow('name'));
    const loud = followOverSocket(client(), follow('observedAt'));
    await loud.until(3);
    expect(quiet.payloads.length).toBe(1);
  });

  it('comes with its hosts, and again when one of them changes', async () => {
    const followed = followOverSocket(client(), follow('phase ipResultSummary { failed running }'));
    expect(await followed.until(1)).toMatchObject({
      data: { jobInstanceUpdated: { ipResultSummary: { failed: 0, running: 2 } } },
    });
    job.become(2, { hosts: [7, 11] });
    expect(await followed.until(2)).toMatchObject({
      data: { jobInstanceUpdated: { phase: 'RUNNING', ipResultSummary: { failed: 1, running: 1 } } },
    });
    expect(new Set(reads())).toEqual(new Set([true]));
  });

  it('is run and read once for all who ask for the same', async () => {
    const followers = Array.from({ length: 5 }, (_, index) =>
      followOverSocket(client(), index < 3 ? follow() : follow('name phase')),
    );
    await Promise.all(followers.map((followed) => followed.until(1)));
    expect(reads().length).toBe(1);
    job.become(3);
    await Promise.all(followers.map((followed) => followed.completed));
    expect(reads().length).toBe(2);
    expect(followers.map(({ payloads }) => payloads.length)).toEqual([2, 2, 2, 2, 2]);
  });

  it('leaves out what the client says that it has', async () => {
    const first = followOverSocket(client(), follow('revision'));
    const { data } = await first.until(1);
    const { revision } = data!['jobInstanceUpdated'] as { revision: string };
    const resumed = followOverSocket(client(), follow('phase', `, revision: "${revision}"`));
    job.become(7);
    expect(await resumed.until(1)).toEqual({ data: { jobInstanceUpdated: { phase: 'BLOCKED' } } });
  });

  it('goes on through a retry, in another attempt', async () => {
    const followed = followOverSocket(client(), follow('phase steps { executeCount phase }'));
    await followed.until(1);
    job.become(2, { executeCount: 1 });
    expect(await followed.until(2)).toMatchObject({
      data: { jobInstanceUpdated: { steps: [{ executeCount: 1, phase: 'RUNNING' }] } },
    });
  });

  it('is silent while bk-job is away, and goes on when it is back', async () => {
    const followed = followOverSocket(client(), follow());
    await followed.until(1);
    service.simulator.faults.inject({ fault: { kind: 'reset' }, times: 2 });
    job.become(3);
    await followed.completed;
    expect(followed.payloads.length).toBe(2);
    expect(followed.payloads.every(({ errors }) => errors === undefined)).toBe(true);
  });

  it('ends with NOT_FOUND where the job is gone', async () => {
    const followed = followOverSocket(client(), follow());
    await followed.until(1);
    job.remove();
    await followed.completed;
    expect(followed.payloads[1]).toMatchObject({
      data: { jobInstanceUpdated: null },
      errors: [{ extensions: { code: 'NOT_FOUND' } }],
    });
  });

  it('ends for whom it may no longer be seen, and for nobody else', async () => {
    const alice = followOverSocket(client(), follow());
    service.simulator.world.setUser('dora', { accessBusiness: 'all', viewHistory: 'all' });
    const dora = followOverSocket(client({ connectionParams: signedInAs('dora') }), follow());
    await Promise.all([alice.until(1), dora.until(1)]);
    service.simulator.world.setUser('dora', { accessBusiness: [], viewHistory: [] });
    await dora.completed;
    expect(dora.payloads[1]).toMatchObject({ errors: [{ extensions: { code: 'PERMISSION_DENIED' } }] });
    job.become(3);
    await alice.completed;
    expect(alice.payloads.length).toBe(2);
  });

  it('ends together with the socket where the sign-in has ended, in words that keep clients from trying again', async () => {
    service.simulator.world.setUser('dora', { accessBusiness: 'all', viewHistory: 'all' });
    const closed: unknown[] = [];
    const dora = client({
      connectionParams: signedInAs('dora'),
      on: { closed: (event) => closed.push((event as { code: number }).code) },
    });
    const followed = followOverSocket(dora, follow());
    await followed.until(1);
    service.simulator.world.removeUser('dora');
    await followed.until(2);
    await eventually(() => {
      expect(closed).toEqual([4401]);
    });
    expect(followed.payloads[1]).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('is read for nobody once nobody follows it', async () => {
    const one = client();
    const followed = followOverSocket(one, follow());
    await followed.until(1);
    followed.stop();
    await followed.completed;
    addControlledJob(service.simulator, '43');
    const other = followOverSocket(one, follow('observedAt').replace('"42"', '"43"'));
    await other.until(3);
    expect(service.simulator.calls.all().filter(({ jobInstanceId }) => jobInstanceId === '42').length).toBe(
      1,
    );
  });
});

describe('who asks on a socket', () => {
  it('is told by the headers that open it, too', async () => {
    class SignedIn extends WebSocket {
      constructor(address: string, protocols: string[]) {
        super(address, protocols, { headers: { 'x-bkapi-authorization': '{"bk_token":"alice"}' } });
      }
    }
    const followed = followOverSocket(client({ webSocketImpl: SignedIn, connectionParams: {} }), follow());
    await followed.until(1);
    expect(service.simulator.calls.all()[0]!.user).toBe('alice');
  });

  it.each([
    ['what no sign-in can be', { 'X-Bkapi-Authorization': 'alice' }],
    ['no text', { 'X-Bkapi-Authorization': { bk_token: 'alice' } }],
  ])('is not told by %s', async (_what, connectionParams) => {
    const followed = followOverSocket(client({ connectionParams }), follow());
    await expect(followed.completed).rejects.toMatchObject({ code: 4401 });
    expect(reads()).toEqual([]);
  });

  it('must not be told twice, differently', async () => {
    class SignedIn extends WebSocket {
      constructor(address: string, protocols: string[]) {
        super(address, protocols, { headers: { 'x-bkapi-authorization': '{"bk_token":"bob"}' } });
      }
    }
    const followed = followOverSocket(client({ webSocketImpl: SignedIn }), follow());
    await expect(followed.completed).rejects.toMatchObject({ code: 4401 });
  });

  it('where it is nobody gets no job', async () => {
    const followed = followOverSocket(client({ connectionParams: {} }), follow());
    await expect(followed.completed).rejects.toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(reads()).toEqual([]);
  });

  it('shares nothing with another', async () => {
    const alice = followOverSocket(client(), follow());
    const bob = followOverSocket(client({ connectionParams: signedInAs('bob') }), follow());
    await alice.until(1);
    await bob.completed;
    expect(bob.payloads).toMatchObject([{ errors: [{ extensions: { code: 'PERMISSION_DENIED' } }] }]);
    expect(
      service.simulator.calls
        .all()
        .map(({ user }) => user)
        .sort(),
    ).toEqual(['alice', 'bob']);
  });
});

describe('what a socket may do', () => {
  it.each([
    ['a query', 'query { __typename }', 'BAD_USER_INPUT'],
    ['a text that is no GraphQL', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['fields that there are none of', follow('phas'), 'GRAPHQL_VALIDATION_FAILED'],
    [
      'two jobs at once',
      follow().replace(
        '}\n}',
        '} b: jobInstanceUpdated(scope: {bkBizId: "2"}, jobInstanceId: "1") { phase } }',
      ),
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'too much',
      follow(
        Array.from(
          { length: 30 },
          (_, at) => `a${String(at)}: ipResultConnection(first: 1000) { edges { node { ip } } }`,
        ).join(' '),
      ),
      'OPERATION_TOO_COMPLEX',
    ],
  ])('is not %s', async (_what, query, code) => {
    const followed = followOverSocket(client(), query);
    await expect(followed.completed).rejects.toMatchObject([{ extensions: { code } }]);
    expect(reads()).toEqual([]);
  });

  it('is not more streams than fit on it, nor more than one caller may have', async () => {
    const one = client({ lazy: false });
    const other = client({ lazy: false });
    const open = Array.from({ length: 3 }, () => followOverSocket(one, follow()));
    await Promise.all(open.map((followed) => followed.until(1)));
    const fourth = followOverSocket(one, follow());
    await expect(fourth.completed).rejects.toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    const others = [1, 2].map(() => followOverSocket(other, follow()));
    await Promise.all(others.map((followed) => followed.until(1)));
    const sixth = followOverSocket(other, follow());
    await expect(sixth.completed).rejects.toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    open[0]!.stop();
    await open[0]!.completed;
    await followOverSocket(one, follow()).until(1);
  });

  it('is no job that cannot be', async () => {
    const followed = followOverSocket(client(), follow().replace('"42"', '"x"'));
    await followed.completed;
    expect(followed.payloads).toMatchObject([{ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] }]);
  });
});
