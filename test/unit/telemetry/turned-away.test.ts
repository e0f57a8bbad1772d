import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTelemetry } from '../../../src/telemetry/telemetry.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

interface Line {
  readonly msg: string;
  readonly requestId?: string;
  readonly count?: number;
}

function openTelemetry() {
  const lines: Line[] = [];
  const telemetry = createTelemetry({
    level: 'info',
    destination: { write: (line) => lines.push(JSON.parse(line) as Line) },
    secrets: [],
    ofProcess: false,
  });
  const turnAway = (count: number) =>
    Array.from({ length: count }, () => telemetry.requests.turnedAway({ transport: 'http', headers: {} }));
  const counts = () => lines.map(({ count = 1 }) => count);
  return { telemetry, lines, turnAway, counts };
}

describe('of requests that are turned away', () => {
  it('the first of a moment are a line each, and the others one line that says how many they were', async () => {
    const { lines, turnAway, counts } = openTelemetry();
    const numbers = turnAway(25);
    expect(new Set(numbers).size).toBe(25);
    expect(lines.map(({ requestId }) => requestId)).toEqual(numbers.slice(0, 10));
    await vi.advanceTimersByTimeAsync(100);
    expect(lines.at(-1)).toEqual({
      level: 30,
      time: expect.any(String),
      msg: 'requests turned away',
      transport: 'http',
      code: 'RATE_LIMITED',
      status: 429,
      count: 15,
    });
    turnAway(3);
    await vi.advanceTimersByTimeAsync(100);
    expect(counts()).toEqual([...Array<number>(10).fill(1), 15, 1, 1, 1]);
  });

  it('all are counted whenever somebody reads the metrics', async () => {
    const { telemetry, turnAway } = openTelemetry();
    turnAway(25);
    const page = await telemetry.metricsPage();
    const operations =
      'bkjob_gql_operations_total{operation_type="unknown",operation_name="(anonymous)",code="RATE_LIMITED"}';
    const durations =
      'http_server_request_duration_seconds_count{transport="http",http_response_status_code="429"}';
    for (const metric of [operations, durations]) expect(page).toContain(`${metric} 25\n`);
    expect(page).toContain('http_server_active_requests 0\n');
  });

  it('none is lost where the process ends before the moment is over', () => {
    const { telemetry, turnAway, counts } = openTelemetry();
    turnAway(12);
    telemetry.flushNow();
    telemetry.flushNow();
    expect(counts()).toEqual([...Array<number>(10).fill(1), 2]);
  });

  it('a number that a client sent is its own, unless it is a part of its sign-in', () => {
    const { telemetry, turnAway } = openTelemetry();
    turnAway(10);
    const headers = { 'x-bkapi-authorization': '{"bk_token":"secret-of-alice-1"}' };
    const numberOf = (sent: string) =>
      telemetry.requests.turnedAway({ transport: 'http', headers: { ...headers, 'x-request-id': sent } });
    expect(numberOf('my-own-number')).toBe('my-own-number');
    expect(numberOf('secret-of-alice-1')).toMatch(/^[0-9a-f]{32}$/);
  });
});
