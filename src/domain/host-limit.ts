import { JobApiError } from './errors.ts';

/** How many hosts one operation may read, and how many it may go through: twenty jobs of 50,000, which is bk-job's most. */
export const maxHostsOfOperation = 1_000_000;

/** Why an operation gets no more hosts. */
export function tooManyHosts(): JobApiError {
  return new JobApiError(
    'OPERATION_TOO_COMPLEX',
    'The request goes through more hosts or steps than one may.',
  );
}
