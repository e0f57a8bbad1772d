import { JobApiError } from '../../src/domain/errors.ts';

/** The error of this service with which a promise is rejected. Rejects where it is fulfilled, or with anything else. */
export async function failureOf(answer: Promise<unknown>): Promise<JobApiError> {
  const error: unknown = await answer.then(
    () => new Error('It was answered.'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof JobApiError)) throw error;
  return error;
}
