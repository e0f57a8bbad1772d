import fc from 'fast-check';
import type { StepIpResultData } from '../../src/domain/create-job-instance.ts';

const instant = fc.option(fc.integer({ min: 1, max: 6 }).map((second) => second * 1_000));

/** Rows of hosts that collide often: few addresses, few codes, everything that may be null sometimes null. */
const arbitraryHostRow: fc.Arbitrary<StepIpResultData> = fc.record({
  ip: fc.option(fc.constantFrom('192.0.2.9', '192.0.2.10', '198.51.100.1', '9.0.0.1', 'no address')),
  bkCloudId: fc.option(fc.constantFrom('0', '2', '10')),
  bkHostId: fc.option(fc.constantFrom('5', '40', '300', '9007199254740993')),
  statusCode: fc.constantFrom(0, 5, 7, 9, 11, 104, 403, 777),
  tag: fc.option(fc.constantFrom('', 'a', 'b')),
  exitCode: fc.option(fc.constantFrom(0, 1, 137)),
  errorCode: fc.option(fc.constantFrom(0, 115, 126, 999)),
  startTime: instant,
  endTime: instant,
  totalTime: instant,
});

/** Rows of one step. */
export const arbitraryHostRows = fc.array(arbitraryHostRow, { maxLength: 25 });
