import type { Dispatcher } from 'undici';
import { setFlagsFromString } from 'node:v8';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { JobApiError } from '../../../src/domain/errors.ts';
import type { Exchange } from '../../../src/upstream/exchange.ts';
import { createExchange } from '../../support/create-exchange.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function controllerThat(abort: (reason: Error) => void): Dispatcher.DispatchController {
  const ignore = (): void => undefined;
  return { aborted: false, paused: false, reason: null, abort, pause: ignore, resume: ignore };
}

const ends: Readonly<Record<string, (exchange: Exchange) => void>> = {
  'with its answer': (exchange) => {
    const controller = controllerThat(() => undefined);
    exchange.onRequestStart(controller);
    exchange.onResponseStart(controller, 200, { 'content-length': '2' });
    exchange.onResponseData(controller, Buffer.from('{}'));
    exchange.onResponseEnd();
  },
  'with a failure': (exchange) => {
    exchange.onResponseError(
      controllerThat(() => undefined),
      new Error('broken'),
    );
  },
  'since it was given up': (exchange) => {
    exchange.giveUp(new JobApiError('UPSTREAM_TIMEOUT'));
  },
};

/** An exchange as undici holds on to it, and what was behind it. */
function exchangeThatEnded(end: (exchange: Exchange) => void) {
  const told: string[] = [];
  const outcome = { answered: () => told.push('answered'), failed: () => told.push('failed') };
  const exchange = createExchange(outcome);
  end(exchange);
  return { exchange, told, outcome: new WeakRef(outcome) };
}

it.each(Object.entries(ends))('that ended %s', async (_name, end) => {
  const { exchange, told, outcome } = exchangeThatEnded(end);
  expect(told).toHaveLength(1);
  await nextTurn();
  collect();
  expect(outcome.deref()).toBeUndefined();
  // Undici may say more of it; nobody is told of that.
  exchange.onResponseEnd();
  exchange.giveUp(new JobApiError('UPSTREAM_TIMEOUT'));
  expect(told).toHaveLength(1);
});

it('that is given up twice ends its connection once, and tells once', () => {
  const aborted: unknown[] = [];
  const { told } = exchangeThatEnded((exchange) => {
    exchange.onRequestStart(controllerThat((reason) => aborted.push(reason)));
    exchange.giveUp(new JobApiError('UPSTREAM_TIMEOUT'));
    exchange.giveUp(new JobApiError('UPSTREAM_TIMEOUT'));
  });
  expect([told, aborted.length]).toEqual([['failed'], 1]);
});

it('that ended before it had a connection is not sent when that comes, and ends it not', () => {
  const { exchange } = exchangeThatEnded(ends['since it was given up']!);
  const aborted: unknown[] = [];
  const controller = controllerThat((reason) => aborted.push(reason));
  expect(() => {
    exchange.onRequestStart(controller);
  }).toThrow('Given up.');
  expect(aborted).toEqual([]);
});
