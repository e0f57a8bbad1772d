import type { OperationTypeNode } from 'graphql';
import type { JobInstanceLoaderOptions } from '../loaders/job-instance-loader.ts';

/** What became of an operation, as far as operators may know: no variables, no data. */
export interface OperationOutcome {
  /** Null where it was not found out which operation is meant. */
  readonly kind: `${OperationTypeNode}` | null;
  /** Null where it has none. */
  readonly name: string | null;
  /** Its errors in the form in which they leave; of each the code counts. */
  readonly errors: readonly { readonly extensions?: { readonly code?: unknown } | undefined }[];
}

/** Is told what one operation causes and comes to. What it does must neither fail nor take time. */
export type OperationTrace = NonNullable<JobInstanceLoaderOptions['origin']> & {
  /** GraphQL has answered or refused the operation. */
  answered(outcome: OperationOutcome): void;
};
