import fc from 'fast-check';
import { execute, parse, validate, type ExecutionResult, type GraphQLFormattedError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createOperationContext, type OperationContext } from '../../../src/context/operation-context.ts';
import { JobApiError } from '../../../src/domain/errors.ts';
import { createDocumentTemplates } from '../../../src/execution/document-templates.ts';
import type { ParameterizedDocument } from '../../../src/execution/document-template.ts';
import { scanLiterals } from '../../../src/execution/literal-scan.ts';
import { createLookAhead } from '../../../src/execution/look-ahead.ts';
import { createExecutableSchema } from '../../../src/execution/schema.ts';
import type { JobApi } from '../../../src/upstream/job-api.ts';
import { buildJob, hostRow, stepData } from '../../support/build-job.ts';
import { createTestLiveJobs } from '../../support/live/test-live-jobs.ts';
import { generateOperation } from '../../support/operations/generate-operation.ts';

const schema = createExecutableSchema({ node: true, subscription: true });
const lookAhead = createLookAhead(schema);
const limits = { maxEntries: 100, maxCharacters: 1_000_000 };
const parseOptions = { maxLexicalTokens: 10_000 };

const templates = () => createDocumentTemplates({ schema, parseOptions, validationRules: [] }, limits);

/** What becomes of a document after another one of its kind has come. */
function parameterized(document: string, ...earlier: readonly string[]): ParameterizedDocument | null {
  const parameterize = templates();
  for (const one of earlier.length === 0 ? [document] : earlier) parameterize(one);
  return parameterize(document);
}

describe('a document with ids in it', () => {
  const ofJob = (id: string, field = 'name'): string =>
    `{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: ${id}) { ${field} } }`;

  it('is left as it is on first sight, and shares a text with those like it from then on', () => {
    const parameterize = templates();
    expect(parameterize(ofJob('"100"'))).toBeNull();
    expect(parameterize(ofJob('"101"'))).toMatchObject({
      text: 'query($_literal0: ID! $_literal1: ID!) { jobInstance(scope: {bkBizId: $_literal0}, jobInstanceId: $_literal1) { name } }',
      variables: { _literal0: '2', _literal1: '101' },
    });
    expect(parameterize(ofJob('"102"'))?.variables).toEqual({ _literal0: '2', _literal1: '102' });
    expect(parameterize(ofJob('"102"', 'id'))).toBeNull();
  });

  it.each([
    ['with a name', 'query A { node(id: "x") { id } }', 'query A($_literal0: ID!) {'],
    [
      'with variables',
      'query A($a: Boolean = true) { node(id: 7) { id @skip(if: $a) } }',
      'true $_literal0: ID!) {',
    ],
    ['without a name', 'query { node(id: "x") { id } }', 'query($_literal0: ID!) {'],
    ['behind a comment', '# "(1"\n{ node(id: "x") { id } }', 'query($_literal0: ID!) {'],
    [
      'in a fragment',
      'fragment F on Query { node(id: "x") { id } } { ...F }',
      'query($_literal0: ID!) { ...F',
    ],
    [
      'in place of a list',
      '{ jobInstancesById(scope: {bkBizId: 1}, jobInstanceIds: 5) { jobInstanceId } }',
      '$_literal1: [ID!]!)',
    ],
  ])('takes variables %s', (_where, document, part) => {
    expect(parameterized(document)?.text).toContain(part);
  });

  it.each([
    ['has two operations', 'query A { node(id: "x") { id } } query B { node(id: "y") { id } }'],
    [
      'has such a variable of its own',
      'query($_literal0: ID!) { a: node(id: $_literal0) { id } node(id: "x") { id } }',
    ],
    ['holds a text over several lines', '{ node(id: """x""") { id } }'],
    ['holds halves of characters', '{ node(id: "\ud83d") { id } }'],
    ['has literals of two fields that are one', '{ node(id: "x") { id } node(id: "x") { id } }'],
    ['has a text where a word belongs', ofJob('"1"', 'steps(phase: "FAILED") { id }')],
    ['has a text where a number belongs', ofJob('"1"', 'ipResults(limit: "1") { id }')],
    ['has a number where a text belongs', ofJob('"1"', 'ipResults(filter: {tag: [1]}) { ip }')],
    ['does not fit the schema', ofJob('"1"', 'nothing')],
    ['is none', '{ node(id: "x" { id } }'],
    ['ends in a text', '{ node(id: "x'],
    [
      'has its literals in directives and defaults alone',
      'query($a: Int = 1) { __typename @skip(if: true) @x(a: 1) }',
    ],
    [
      'has more literals than may be',
      `{ ${Array.from({ length: 129 }, (_, index) => `a${String(index)}: node(id: 1) { id }`).join(' ')} }`,
    ],
  ])('is left as it is where it %s', (_why, document) => {
    expect(parameterized(document)).toBeNull();
  });

  it('keeps to itself what is wrong with one literal alone', () => {
    const withLimit = (limit: string): string => ofJob('"1"', `ipResults(limit: ${limit}) { id }`);
    for (const limit of ['2147483648', '-2147483649', '01', '1.5', '1e3', '-']) {
      expect([limit, parameterized(withLimit(limit), withLimit('1'), withLimit('2'))]).toEqual([limit, null]);
    }
    expect(parameterized(withLimit('-2147483648'), withLimit('1'))?.variables).toMatchObject({
      _literal2: -2147483648,
    });
  });

  it('keeps ids digit by digit, and texts with escapes where they are', () => {
    expect(parameterized(ofJob('9007199254740993'))?.variables).toMatchObject({
      _literal1: '9007199254740993',
    });
    expect(parameterized(ofJob('"a\\"b"'))?.text).toContain('jobInstanceId: "a\\"b"');
  });

  it('is forgotten when others came since', () => {
    const parameterize = createDocumentTemplates(
      { schema, parseOptions, validationRules: [] },
      { ...limits, maxEntries: 2 },
    );
    parameterize(ofJob('"1"', 'name'));
    parameterize(ofJob('"1"', 'id'));
    parameterize(ofJob('"1"', 'phase'));
    expect(parameterize(ofJob('"1"', 'name'))).toBeNull();
    expect(parameterize(ofJob('"1"', 'name'))).not.toBeNull();
  });

  it('is forgotten when long ones came since, however few', () => {
    const parameterize = createDocumentTemplates(
      { schema, parseOptions, validationRules: [] },
      { ...limits, maxCharacters: 10_000 },
    );
    const long = (field: string): string => ofJob('"1"', `${field}${' '.repeat(4_000)}`);
    parameterize(ofJob('"1"', 'name'));
    parameterize(long('name'));
    for (let uses = 0; uses < 20; uses++) expect(parameterize(ofJob('"1"', 'name'))).not.toBeNull();
    parameterize(long('id'));
    expect(parameterize(ofJob('"1"', 'name'))).not.toBeNull();
    expect(parameterize(long('name'))).toBeNull();
    expect(parameterize(long('name'))).not.toBeNull();
  });
});

const jobApi: JobApi = {
  fetchJobInstanceStatus: (_caller, { jobInstanceId }) =>
    jobInstanceId === '404'
      ? Promise.reject(new JobApiError('NOT_FOUND'))
      : Promise.resolve(
          buildJob({
            jobInstanceId,
            steps: [
              stepData({
                stepInstanceId: `${jobInstanceId}1`,
                ipResults: [hostRow(), hostRow({ ip: '10.0.0.2' })],
              }),
            ],
          }),
        ),
};

function createContext(): OperationContext {
  return createOperationContext(
    {
      jobApi,
      liveJobs: createTestLiveJobs(jobApi).liveJobs,
      maxParallelReads: 8,
      lookAhead,
      jobWebUrl: null,
      report: () => undefined,
    },
    {
      identification: {
        proof: { kind: 'bk_token', value: 'alice' },
        tenantId: null,
        language: null,
        fingerprint: 'alice',
        account: 'alice',
      },
      signal: new AbortController().signal,
    },
  );
}

async function run(
  document: string,
  variableValues: Readonly<Record<string, unknown>>,
): Promise<ExecutionResult> {
  return execute({ schema, document: parse(document), variableValues, contextValue: createContext() });
}

type PlacedError = Pick<GraphQLFormattedError, 'path' | 'message'>;

function byPlace(one: PlacedError, other: PlacedError): number {
  const [first, second] = [one, other].map(({ path, message }) => JSON.stringify([path, message]));
  return first!.localeCompare(second!);
}

/** A document of the same kind with other literals. */
function withOtherLiterals(document: string): string {
  const { literals } = scanLiterals(document)!;
  return literals.reduceRight(
    (text, { start, end, isText }) => text.slice(0, start) + (isText ? '"7"' : '7') + text.slice(end),
    document,
  );
}

const ids = ['"100"', '101', '"404"', '"no number"', '18446744073709551616'];

const sources = {
  roots: ids.flatMap((id) => [
    `jobInstance(scope: {bkBizId: "2"}, jobInstanceId: ${id})`,
    `jobInstance(scope: {\n bkBizSetId: 9 },\r\n jobInstanceId: ${id})`,
    `jobInstancesById(scope: {bkBizId: "2"}, jobInstanceIds: [${id} 5, "6"])`,
    `jobInstancesById(scope: {bkBizId: "2"}, jobInstanceIds: ${id})`,
    `stepInstance(scope: {bkBizId: 2}, jobInstanceId: "100", stepInstanceId: ${id})`,
    `node(id: ${id})`,
    'node(id: "biz:2:100:1001")',
  ]),
  variables: {},
};

describe('an operation whose literals became variables', () => {
  it('answers as it would have, with errors at the places of its own text', { timeout: 60_000 }, async () => {
    let became = 0;
    const operation = fc
      .infiniteStream(fc.nat(1000))
      .map((numbers) => generateOperation(schema, sources, (max) => (numbers.next().value ?? 0) % (max + 1)));
    await fc.assert(
      fc.asyncProperty(operation, fc.boolean(), async ({ document, variables }, fromOther) => {
        if (validate(schema, parse(document)).length > 0 || scanLiterals(document) === null) return;
        const other = withOtherLiterals(document);
        const found = parameterized(document, other, ...(fromOther ? [other] : []));
        if (found === null) return;
        became++;
        const plain = await run(document, variables);
        const { data, errors = [] } = await run(found.text, { ...variables, ...found.variables });
        expect(data).toEqual(plain.data);
        const asked = errors.map((error) => ({
          ...error.toJSON(),
          locations: error.locations?.map(found.toPlaceAsked),
        }));
        // Lists of hosts may wait for their turn, and their errors come later then.
        expect(asked.toSorted(byPlace)).toEqual(
          (plain.errors ?? []).map((error) => error.toJSON()).toSorted(byPlace),
        );
      }),
      { numRuns: 1500 },
    );
    expect(became).toBeGreaterThan(300);
  });
});
