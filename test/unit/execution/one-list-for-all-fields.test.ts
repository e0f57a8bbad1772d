import { execute, getOperationAST, isObjectType, parse } from 'graphql';
import { beforeEach, expect, it } from 'vitest';
import { createFastExecution } from '../../../src/execution/fast/fast-execution.ts';
import { createExecutableSchema } from '../../../src/execution/schema.ts';
import { createVariableReader } from '../../../src/execution/variable-values.ts';
import { contextOver } from '../../support/ask-fast.ts';
import { buildJob, hostRow, stepData } from '../../support/build-job.ts';

const ipResults = ['1', '2', '3'].map((bkHostId) => hostRow({ bkHostId }));
const job = buildJob({ steps: [stepData({ ipResults }), stepData({ stepInstanceId: '76', ipResults })] });

const schema = createExecutableSchema({ node: true, subscription: true });
const readVariables = createVariableReader(schema);
const fast = createFastExecution(schema);

interface Listing {
  readonly status?: unknown;
  readonly by?: unknown;
  readonly filter?: { readonly bkHostId?: unknown } | null;
}

/** What resolvers were given: lists of hosts, of states of steps, and of what groups are made by. */
const given = { bkHostId: new Set<unknown>(), status: new Set<unknown>(), by: new Set<unknown>() };
let calls = 0;

/** Has a field note the lists that it is given. */
function watch(typeName: string, fieldName: string): void {
  const type = schema.getType(typeName);
  const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
  const resolve = field?.resolve;
  if (field === undefined || resolve === undefined) throw new TypeError(`${typeName} has no ${fieldName}.`);
  field.resolve = (source, listing: Listing, ...others) => {
    calls += 1;
    if (listing.filter?.bkHostId !== undefined) given.bkHostId.add(listing.filter.bkHostId);
    if (listing.status !== undefined) given.status.add(listing.status);
    if (listing.by !== undefined) given.by.add(listing.by);
    return resolve(source, listing, ...others);
  };
}

for (const field of ['ipResults', 'ipResultConnection', 'ipResultGroups']) {
  watch('JobInstance', field);
  watch('StepInstance', field);
}
watch('JobInstance', 'steps');

beforeEach(() => {
  for (const lists of Object.values(given)) lists.clear();
  calls = 0;
});

/** The same fields of several objects, of which each is given the hosts in one way. */
function operationWith(hosts: string) {
  const fields = `
    a: ipResults(${hosts}) { step { jobInstance { steps(status: $status) { id } } } }
    b: ipResultConnection(${hosts}) { totalCount }
    c: ipResultGroups(${hosts}, by: $by) { count }`;
  const document = parse(`
    query ($filter: IpResultFilter, $hosts: [ID!], $status: [StepInstanceStatus!], $by: [IpResultGroupBy!]!)
    { jobInstance(scope: {bkBizId: 1}, jobInstanceId: 100) { ${fields} steps { ${fields} } } }`);
  return { document, operation: getOperationAST(document)! };
}

const bkHostId = [1, '3'];
const values = { filter: { bkHostId }, hosts: bkHostId, status: ['SUCCEEDED'], by: ['STEP', 'STATUS'] };

/** As often as a field was called, it was given one list; it is none of what the client sent, but coerced. */
function expectOneListEach(): void {
  // Three fields of the job and of each of its two steps, all steps, and those of the job of each host that was found.
  expect(calls).toBe(3 + 2 * 3 + 1 + 4 + 2 * 2);
  expect([...given.bkHostId]).toEqual([['1', '3']]);
  expect([...given.status]).toEqual([['SUCCEEDED']]);
  expect([...given.by]).toEqual([['STEP', 'STATUS']]);
}

it.each(['filter: $filter', 'filter: {bkHostId: $hosts}'])(
  'graphql-js gives all fields with %s one list',
  async (hosts) => {
    const { document } = operationWith(hosts);
    const contextValue = contextOver(job);
    const { errors } = await execute({ schema, document, contextValue, variableValues: values });
    expect(errors).toBeUndefined();
    expectOneListEach();
  },
);

it.each(['filter: $filter', 'filter: {bkHostId: $hosts}'])(
  'the fast way gives all fields with %s one list',
  async (hosts) => {
    const { document, operation } = operationWith(hosts);
    const variables = readVariables(operation, values)!;
    const ask = () => fast.tryExecute({ document, operation, variables, context: contextOver(job) });
    expect(await ask()).toBeNull();
    expect(await ask()).not.toBeNull();
    expectOneListEach();
  },
);

it('the fast way gives a field that has its list in the text the same one each time', async () => {
  const { document, operation } = operationWith('filter: {bkHostId: [1, 3]}');
  const variables = readVariables(operation, values)!;
  const ask = () => fast.tryExecute({ document, operation, variables, context: contextOver(job) });
  expect(await ask()).toBeNull();
  expect(await ask()).not.toBeNull();
  const fields = 6;
  expect(given.bkHostId.size).toBe(fields);
  expect(await ask()).not.toBeNull();
  expect(given.bkHostId.size).toBe(fields);
});
