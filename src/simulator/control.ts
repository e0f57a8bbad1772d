import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallLog } from './call-log.ts';
import type { Faults, InjectedFault } from './faults.ts';
import type { SimulatedWorld } from './world.ts';

/** What can be looked at and switched over HTTP. */
export interface ControlOptions {
  readonly world: SimulatedWorld;
  readonly calls: CallLog;
  readonly faults: Faults;
}

/** Answers requests below /simulator/: what a curious user does with curl, tests do with the object. */
export function answerControl({ world, calls, faults }: ControlOptions) {
  const routes: Readonly<Record<string, (body: string) => unknown>> = {
    'GET /simulator/calls': () => calls.all(),
    'DELETE /simulator/calls': () => {
      calls.clear();
      return [];
    },
    'POST /simulator/faults': (body) => {
      const injected = JSON.parse(body) as InjectedFault;
      if (typeof injected.fault.kind !== 'string') throw new TypeError('A fault has a kind.');
      faults.inject(injected);
      return injected;
    },
    'DELETE /simulator/faults': () => {
      faults.clear();
      return [];
    },
    'GET /simulator/jobs': () =>
      world.jobs().map(({ scope, jobInstanceId, name, statusCode, operator, steps }) => ({
        scope,
        jobInstanceId,
        name,
        statusCode,
        operator,
        steps: steps.length,
        hosts: steps.reduce((sum, { hosts }) => sum + hosts.length, 0),
      })),
  };
  return ({ method = 'GET', url = '/' }: IncomingMessage, body: string, response: ServerResponse): void => {
    const route = routes[`${method} ${url.split('?')[0] ?? ''}`];
    const send = (status: number, content: unknown): void => {
      response
        .writeHead(status, { 'Content-Type': 'application/json' })
        .end(JSON.stringify(content, null, 2));
    };
    if (route === undefined) {
      send(404, { routes: Object.keys(routes) });
      return;
    }
    try {
      send(200, route(body));
    } catch {
      send(400, { message: 'The body is no fault: see README.md of the simulator.' });
    }
  };
}
