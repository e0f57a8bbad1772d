/** Types made from the schema: what an answer holds is known before it is asked for. `gql/` is written by codegen.yml. */
import { print } from 'graphql';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { headers, url, variables } from '../service.ts';
import { graphql } from './gql/index.ts';

const why = graphql(`
  query WhyDidItFail($scope: ScopeInput!, $job: ID!) {
    jobInstance(scope: $scope, jobInstanceId: $job) {
      name
      phase
      ipResultGroups(by: [STATUS, EXIT_CODE], phase: FAILED) {
        count
        status
        exitCode
      }
    }
  }
`);

async function ask<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  values: Variables,
): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: print(document), variables: values }),
  });
  const { data, errors } = (await response.json()) as { data?: Data | null; errors?: { message: string }[] };
  if (!data) throw new Error(errors?.[0]?.message);
  return data;
}

const { jobInstance } = await ask(why, variables);
console.log(`${jobInstance?.name ?? ''}: ${jobInstance?.phase ?? ''}`);
for (const { count, status, exitCode } of jobInstance?.ipResultGroups ?? []) {
  console.log(`  ${String(count)} × ${status ?? ''}, exit code ${String(exitCode)}`);
}
