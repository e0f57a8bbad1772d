import type { OperationTypeNode } from 'graphql';
import type { JobInstanceLoaderOptions } from '../loaders/job-instance-loader.ts';

/** Which operation is meant, as far as operators may know: no variables. */
export interface NamedOperation {
  readonly kind: `${OperationTypeNode}`;
  /** Null where it has none. */
  readonly name: string | null;
}

/** An error in the form in which it leaves, of which the code counts. */
export interface CodedError {
  readonly extensions?: { readonly code?: unknown } | undefined;
}

/** Is told what one operation causes and comes to. What it does must neither fail nor take time. */
export type OperationTrace = NonNullable<JobInstanceLoaderOptions['origin']> & {
  /** It was found out which operation is meant; never, where there is none that is valid. */
  resolved(operation: NamedOperation): void;
  /** GraphQL has answered or refused it, with these errors. */
  answered(errors: readonly CodedError[]): void;
};
