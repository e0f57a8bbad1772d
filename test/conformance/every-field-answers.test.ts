import {
  getNamedType,
  isCompositeType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLObjectType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createExecutableSchema } from '../../src/execution/schema.ts';
import { startTestService, type TestService } from '../support/start-test-service.ts';

type FieldsOfAnyKind = Readonly<Record<string, GraphQLField<unknown, unknown> | GraphQLInputField>>;

const schema = createExecutableSchema({ node: true, subscription: true });

/** One job that has everything: failed hosts, tags, exit codes. Each way in is written out with its arguments. */
const waysIn = {
  jobInstance: 'jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004")',
  stepInstance: 'node(id: "biz:1:100:75")',
  jobInstancesById: 'jobInstancesById(scope: {bkBizId: "2"}, jobInstanceIds: ["20000000004", "20000000999"])',
} as const;

let service: TestService;
beforeAll(async () => {
  service = await startTestService({
    environment: {
      BKJOB_GQL__LINKS__JOB_WEB_URL: 'http://job.example.com',
      BKJOB_GQL__DEMAND_CONTROL__MAX: '1000000000',
    },
  });
});
afterAll(() => service[Symbol.asyncDispose]());

/** Every field of a type, and of the types below it, as deep as no type repeats on the way. */
function everythingOf(type: GraphQLObjectType, above: readonly string[] = []): string {
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const below = getNamedType(field.type);
    if (!isCompositeType(below)) return [field.name];
    if (!isObjectType(below) || [...above, type.name].includes(below.name)) return [];
    return [`${field.name} ${everythingOf(below, [...above, type.name])}`];
  });
  return `{ __typename ${fields.join(' ')} }`;
}

function typeNamed(name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`The schema has no object type ${name}.`);
  return type;
}

describe('every field of the schema', () => {
  it.each([
    ['of a job', waysIn.jobInstance, everythingOf(typeNamed('JobInstance'))],
    ['of a step', waysIn.stepInstance, `{ ... on StepInstance ${everythingOf(typeNamed('StepInstance'))} }`],
    ['of jobs looked up together', waysIn.jobInstancesById, everythingOf(typeNamed('JobInstanceLookup'))],
  ])('%s answers', async (_what, wayIn, selection) => {
    const { status, body } = await service.query(`{ asked: ${wayIn} ${selection} }`);
    expect(status).toBe(200);
    expect(body.errors).toBeUndefined();
    expect(body.data?.['asked']).not.toBeNull();
    expect(service.reported).toEqual([]);
  });

  it('is described', () => {
    const ours = Object.values(schema.getTypeMap()).filter(
      ({ name, astNode }) =>
        astNode !== undefined && astNode !== null && !name.includes('_') && name !== 'Any',
    );
    const undescribed = ours.flatMap((type) => [
      ...(type.description ? [] : [type.name]),
      ...('getFields' in type
        ? Object.values(type.getFields() as FieldsOfAnyKind)
            .filter(({ name, description }) => !name.startsWith('_') && (description ?? '').length <= 5)
            .map(({ name }) => `${type.name}.${name}`)
        : []),
    ]);
    expect(ours.length).toBeGreaterThan(20);
    expect(undescribed).toEqual([]);
  });
});
