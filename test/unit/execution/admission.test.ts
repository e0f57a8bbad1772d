import { Kind, parse, type FragmentDefinitionNode, type OperationDefinitionNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Identification } from '../../../src/context/operation-context.ts';
import { JobApiError } from '../../../src/domain/errors.ts';
import { assertAdmitted } from '../../../src/execution/admission.ts';

const caller = {
  proof: { kind: 'bk_token', value: 'x' },
  tenantId: null,
  language: null,
  fingerprint: 'f',
  account: 'f',
} as const;

function admit(identification: Identification, text: string): () => void {
  const { definitions } = parse(text);
  const operation = definitions.find(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  )!;
  const fragments = new Map(
    definitions
      .filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
  return () => {
    assertAdmitted(identification, operation, fragments);
  };
}

describe('a request without credentials', () => {
  it.each([
    '{ __typename }',
    '{ __schema { types { name } } }',
    '{ _service { sdl } }',
    '{ ... { __typename } ...F } fragment F on Query { __type(name: "Query") { name } }',
  ])('may ask about the service: %s', (text) => {
    expect(admit(null, text)).not.toThrow();
  });

  it.each([
    '{ jobInstance { id } }',
    '{ __typename job: jobInstance { id } }',
    '{ ... on Query { jobInstance { id } } }',
    '{ ...F } fragment F on Query { _entities(representations: []) { __typename } }',
  ])('may not ask for jobs: %s', (text) => {
    expect(admit(null, text)).toThrow(
      expect.objectContaining({
        extensions: expect.objectContaining({ code: 'UNAUTHENTICATED', http: { status: 401 } }) as unknown,
      }),
    );
  });
});

it('a caller may ask for jobs', () => {
  expect(admit(caller, '{ jobInstance { id } }')).not.toThrow();
});

it('credentials that were refused get nothing, not even about the service', () => {
  expect(admit(new JobApiError('BAD_USER_INPUT', 'Two proofs.'), '{ __typename }')).toThrow(
    expect.objectContaining({
      message: 'Two proofs.',
      extensions: expect.objectContaining({ http: { status: 400 } }) as unknown,
    }),
  );
});
