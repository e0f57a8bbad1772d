import type { ReceivedRequest } from './answer.ts';
import type { CallLog } from './call-log.ts';
import { decodeFaultInjection } from './decode-fault.ts';
import type { SimulatorFaults } from './faults.ts';
import type { SimulatedWorld } from './world.ts';

/** What the control paths reach. */
export interface Controlled {
  readonly world: SimulatedWorld;
  readonly calls: CallLog;
  readonly faults: SimulatorFaults;
}

/** An answer of a control path; the value is plain JSON. */
export interface ControlAnswer {
  readonly status: number;
  readonly value: unknown;
}

type Control = (controlled: Controlled, request: ReceivedRequest) => ControlAnswer;

const controls: Readonly<Record<string, Control>> = {
  'GET /simulator/calls': ({ calls }) => ({ status: 200, value: calls.all() }),
  'DELETE /simulator/calls': ({ calls }) => {
    calls.clear();
    return { status: 200, value: [] };
  },
  'GET /simulator/jobs': ({ world }) => ({
    status: 200,
    value: world.jobs().map(({ scope, jobInstanceId, name = null, statusCode, shows = null }) => ({
      scope,
      jobInstanceId,
      name,
      statusCode,
      shows,
    })),
  }),
  'POST /simulator/faults': ({ faults }, { body }) => {
    const injection = decodeFaultInjection(body);
    if (typeof injection === 'string') return { status: 400, value: { message: injection } };
    try {
      faults.inject(injection);
    } catch (error) {
      return { status: 400, value: { message: error instanceof Error ? error.message : String(error) } };
    }
    return { status: 200, value: injection };
  },
  'DELETE /simulator/faults': ({ faults }) => {
    faults.clear();
    return { status: 200, value: [] };
  },
};

/** Answers a request that leads to no front door. */
export function answerControl(controlled: Controlled, request: ReceivedRequest): ControlAnswer {
  const control = controls[`${request.method} ${request.path.replace(/\/$/, '')}`];
  return control === undefined
    ? { status: 404, value: { message: 'Nothing is here.', paths: Object.keys(controls) } }
    : control(controlled, request);
}
