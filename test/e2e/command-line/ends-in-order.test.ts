import { describe, expect, it } from 'vitest';
import { headOfEach, rawClient, refusalOf, type RawClient } from '../../support/raw-client.ts';
import { addressesOf, runProgram, type RunningProgram } from '../../support/run-program.ts';

// Of its log only what nobody expects.
const environment = { PORT: '0', BKJOB_GQL__LOG__LEVEL: 'warn' };
const document = '{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") { phase } }';

interface UnderWay {
  /** The answer, or what went wrong. */
  readonly outcome: Promise<unknown>;
}

/** Asks for a job, with this misbehaviour of the embedded bk-job, and waits until bk-job has been asked. */
async function askWith(program: RunningProgram, fault: object): Promise<UnderWay> {
  const { graphqlUrl, simulatorUrl } = await addressesOf(program);
  const injected = await fetch(`${simulatorUrl}/simulator/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ fault }),
  });
  expect(injected.status).toBe(200);
  await injected.arrayBuffer();
  const outcome = fetch(graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: document }),
  })
    .then((response) => response.json())
    .catch((error: unknown) => error);
  await arrivalOf(`${simulatorUrl}/simulator/calls`);
  return { outcome };
}

async function arrivalOf(callsUrl: string): Promise<void> {
  for (;;) {
    const calls = (await (await fetch(callsUrl)).json()) as readonly unknown[];
    if (calls.length > 0) return;
  }
}

describe('the end of the program', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'by %s waits for answers that are under way',
    async (signal) => {
      await using program = runProgram({ environment });
      const { outcome } = await askWith(program, { kind: 'delay', ms: 300 });
      program.signal(signal);
      expect(await outcome).toEqual({ data: { jobInstance: { phase: 'FAILED' } } });
      expect(await program.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    },
  );

  it('comes at once with a second signal', async () => {
    await using program = runProgram({ environment });
    const { outcome } = await askWith(program, { kind: 'hang' });
    const { graphqlUrl } = await addressesOf(program);
    program.signal('SIGTERM');
    await refusalOf(graphqlUrl);
    program.signal('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 1, signal: null });
    expect(await outcome).toBeInstanceOf(Error);
  });

  it('comes with the end of the grace period, which is told', async () => {
    await using program = runProgram({
      environment: { ...environment, BKJOB_GQL__SHUTDOWN__GRACE_PERIOD: '100ms' },
    });
    const { outcome } = await askWith(program, { kind: 'hang' });
    program.signal('SIGTERM');
    const { code, stderr } = await program.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('took longer than shutdown.grace_period');
    expect(await outcome).toBeInstanceOf(Error);
  });

  it('needs no grace period where nothing is under way', async () => {
    await using program = runProgram({
      environment: { ...environment, BKJOB_GQL__SHUTDOWN__GRACE_PERIOD: '0s' },
    });
    await addressesOf(program);
    program.signal('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  it('leaves a second for answers: what bk-job has not told by then is answered as that', async () => {
    await using program = runProgram({
      environment: { ...environment, BKJOB_GQL__SHUTDOWN__GRACE_PERIOD: '1100ms' },
    });
    const { outcome } = await askWith(program, { kind: 'hang' });
    program.signal('SIGTERM');
    expect(await outcome).toMatchObject({
      data: { jobInstance: null },
      errors: [{ extensions: { code: 'UPSTREAM_TIMEOUT' } }],
    });
    expect(await program.ended).toMatchObject({ code: 0, signal: null });
  });

  it('tells who waits for a job what it is by then', async () => {
    await using program = runProgram({
      environment: { ...environment, BKJOB_GQL__SHUTDOWN__GRACE_PERIOD: '1100ms' },
    });
    const { graphqlUrl, simulatorUrl } = await addressesOf(program);
    const waiting = fetch(graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: document.replace('jobInstance(', 'waitForJobInstance(').replace('4"', '1"'),
      }),
    });
    await arrivalOf(`${simulatorUrl}/simulator/calls`);
    program.signal('SIGTERM');
    expect(await (await waiting).json()).toEqual({ data: { waitForJobInstance: { phase: 'PENDING' } } });
    expect(await program.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  it('is first told to balancers, while requests are still answered', async () => {
    await using program = runProgram({
      environment: { ...environment, BKJOB_GQL__SHUTDOWN__DRAIN_DELAY: '1m' },
    });
    const { graphqlUrl } = await addressesOf(program);
    const statusOf = async (path: string) => (await fetch(new URL(path, graphqlUrl))).status;
    expect(await statusOf('/health?ready')).toBe(200);
    program.signal('SIGTERM');
    while ((await statusOf('/health?ready')) !== 503);
    expect(await statusOf('/health?live')).toBe(200);
    const answer = await fetch(graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: document }),
    });
    // So that no connection is idle, and used again just then, when the service closes.
    expect(answer.headers.get('connection')).toBe('close');
    expect(await answer.json()).toEqual({ data: { jobInstance: { phase: 'FAILED' } } });
    program.signal('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 1, signal: null });
  });
});

/** What clients leave unsaid: of a query, after its head, half of the body. */
const body = JSON.stringify({ query: '{ __typename }' });
const head = [
  'POST /graphql HTTP/1.1',
  'host: service',
  'content-type: application/json',
  `content-length: ${String(body.length)}`,
  'expect: 100-continue',
].join('\r\n');
const asked = `${head}\r\n\r\n${body}`.replace('expect: 100-continue', 'accept: */*');
const whole = 'GET /health HTTP/1.1\r\nhost: service\r\n\r\n';

/** A client that has sent this, which the program has read by then. */
async function clientThatSent(program: RunningProgram, text: string): Promise<RawClient> {
  return rawClient((await addressesOf(program)).graphqlUrl, text);
}

/** Asked by its head alone, which the program says that it has read. */
async function clientWithHalfABody(program: RunningProgram): Promise<RawClient> {
  const client = await clientThatSent(program, `${head}\r\n\r\n${body.slice(0, 5)}`);
  await client.got('HTTP/1.1 100 Continue\r\n\r\n');
  return client;
}

describe('clients that say nothing, or not all', () => {
  const patient = { ...environment, BKJOB_GQL__SHUTDOWN__GRACE_PERIOD: '60m' };

  it.each([
    ['nothing at all', ''],
    ['half a head', head],
    ['nothing more after an answer', whole],
    ['half a head after an answer', `${whole}${head}`],
  ])('are not waited for: %s', async (_what, text) => {
    await using program = runProgram({ environment: patient });
    const { ended } = await clientThatSent(program, text);
    program.signal('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(await ended).toMatch(text.startsWith(whole) ? /^HTTP\/1\.1 200 / : /^$/);
  });

  it('nor is a client cut off that has asked for more by then', async () => {
    await using program = runProgram({
      environment: { ...patient, BKJOB_GQL__SHUTDOWN__DRAIN_DELAY: '1m' },
    });
    const { graphqlUrl } = await addressesOf(program);
    program.signal('SIGTERM');
    while ((await fetch(new URL('/health?ready', graphqlUrl))).status !== 503);
    const { ended } = await clientThatSent(program, `${asked}${asked}${asked}`);
    expect(headOfEach(await ended)).toEqual([
      { status: '200', isLast: false },
      { status: '200', isLast: false },
      { status: '200', isLast: true },
    ]);
    program.signal('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 1, signal: null });
  });

  it('have as long for half a body as ever', async () => {
    await using program = runProgram({
      environment: { ...patient, BKJOB_GQL__SERVER__REQUEST_READ_TIMEOUT: '500ms' },
    });
    const { ended } = await clientWithHalfABody(program);
    program.signal('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(await ended).toContain('HTTP/1.1 408 ');
  });

  it('have until the end of the grace period for it, which is no fault of the program', async () => {
    await using program = runProgram({
      environment: { ...environment, BKJOB_GQL__SHUTDOWN__GRACE_PERIOD: '100ms' },
    });
    const { ended } = await clientWithHalfABody(program);
    program.signal('SIGTERM');
    expect(await program.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(await ended).toContain('HTTP/1.1 408 ');
  });

  it('get their answer where they say the rest in time', async () => {
    await using program = runProgram({ environment: patient });
    const { socket, ended } = await clientWithHalfABody(program);
    program.signal('SIGTERM');
    await refusalOf((await addressesOf(program)).graphqlUrl);
    socket.write(body.slice(5));
    expect(await ended).toMatch(/HTTP\/1\.1 200 [^]*"__typename":"Query"/);
    expect(await program.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  it('hide no answer that takes longer than the grace period', async () => {
    await using program = runProgram({
      environment: { ...environment, BKJOB_GQL__SHUTDOWN__GRACE_PERIOD: '100ms' },
    });
    const { outcome } = await askWith(program, { kind: 'hang' });
    await clientWithHalfABody(program);
    program.signal('SIGTERM');
    const { code, stderr } = await program.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('took longer than shutdown.grace_period');
    expect(await outcome).toBeInstanceOf(Error);
  });
});

describe('a fault that nobody caught', () => {
  it('cuts off no answer where another one follows', async () => {
    const onSignal = `
      process.once('SIGUSR2', () => {
        for (const what of ['one', 'another']) void Promise.reject(new Error(what));
      });`;
    await using program = runProgram({
      environment,
      nodeArgs: ['--import', `data:text/javascript;base64,${Buffer.from(onSignal).toString('base64')}`],
    });
    const { outcome } = await askWith(program, { kind: 'delay', ms: 300 });
    program.signal('SIGUSR2');
    expect(await outcome).toEqual({ data: { jobInstance: { phase: 'FAILED' } } });
    const { code, stderr } = await program.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/"msg":"one"[^]*"msg":"another"/);
  });

  it.each([
    ['thrown', 'throw error;'],
    ['rejected', 'void Promise.reject(error);'],
  ])(
    '(%s) is logged without secrets and ends the program in order, with exit code 1',
    async (_how, statement) => {
      // In base64, since the address of a module stands in the stack.
      const onSignal = `
      process.once('SIGUSR2', () => {
        const error = new Error('it broke, bk_token=s3cret');
        ${statement}
      });`;
      await using program = runProgram({
        environment,
        nodeArgs: ['--import', `data:text/javascript;base64,${Buffer.from(onSignal).toString('base64')}`],
      });
      const { outcome } = await askWith(program, { kind: 'delay', ms: 300 });
      program.signal('SIGUSR2');
      expect(await outcome).toEqual({ data: { jobInstance: { phase: 'FAILED' } } });
      const { code, stderr } = await program.ended;
      expect(code).toBe(1);
      const [line = '', ...others] = stderr.trimEnd().split('\n');
      expect(others).toEqual([]);
      expect(JSON.parse(line)).toMatchObject({ level: 50, msg: 'it broke, bk_token=[secret]' });
      expect(stderr).not.toContain('s3cret');
    },
  );
});
