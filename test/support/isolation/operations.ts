import { wholeNumber, type Random } from '../../../src/simulator/random.ts';
import { crowdedJob, lastingJob, oddJobs } from './canary-upstream.ts';
import type { Persona } from './personas.ts';

/** What a caller asks. */
export interface IsolationOperation {
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What the operations of one moment have in common, so that they meet. */
export interface Topic {
  readonly jobInstanceId: string;
  readonly form: Form;
}

type Form = keyof typeof forms;

const times = 'startTime endTime totalTime';
const job = `id jobInstanceId name statusCode createTime ${times}`;
const step = `id stepInstanceId name executeCount createTime ${times}`;
const host = `id ip bkCloudId bkHostId tag exitCode errorCode ${times} host { bkHostId }`;
const failure =
  'code message requestId retryAfter permission { systemId actions { id name resources { type id name } } }';

const plain = `${job} steps { ${step} }`;
const withHosts = `${job} steps { ${step} ipResults { ${host} } }`;
const pages = `name ipResultConnection(first: 3) { edges { cursor node { ${host} } } pageInfo { startCursor endCursor } }`;
const groups = `name ipResultSummary { total } ipResultGroups(by: [TAG, EXIT_CODE]) { count tag exitCode ipResults(limit: 2) { ${host} } }`;

const scope = '(scope: {bkBizId: 2}, jobInstanceId: $job';

/** Documents by name. Variables that a document does not use are not sent with it. */
const forms = {
  plain: `query Plain($job: ID!) { jobInstance${scope}) { ${plain} } }`,
  hosts: `query Hosts($job: ID!) { jobInstance${scope}) { ${withHosts} } }`,
  pages: `query Pages($job: ID!) { jobInstance${scope}) { ${pages} } }`,
  groups: `query Groups($job: ID!) { jobInstance${scope}) { ${groups} } }`,
  both: `query Both($job: ID!) { jobInstance${scope}) { name } other: jobInstance${scope}) { ...Hosts } }
    fragment Hosts on JobInstance { ipResults(phase: FAILED) { ${host} } }`,
  condition: `query Condition($job: ID!, $hosts: Boolean!) { jobInstance${scope}) { name ipResults @include(if: $hosts) { ${host} } } }`,
  step: `query Step($job: ID!, $step: ID!) { stepInstance${scope}, stepInstanceId: $step) { ${step} jobInstance { ${job} } } }`,
  many: `query Many($jobs: [ID!]!) { jobInstancesById(scope: {bkBizId: 2}, jobInstanceIds: $jobs) {
    jobInstanceId jobInstance { ${plain} } error { ${failure} } } }`,
  node: `query Node($host: ID!) { node(id: $host) { id ... on StepIpResult { ${host} step { name } } } }`,
  entities: `query Entities($references: [_Any!]!) { _entities(representations: $references) {
    ... on JobInstance { ${plain} } ... on StepInstance { ${step} } ... on StepIpResult { ${host} } } }`,
} as const;

const formNames = Object.keys(forms) as Form[];

const formsOfCrowds = ['hosts', 'both', 'groups', 'condition'] as const;

/** Jobs that anybody may see, each seeing an own version. */
const sharedJobs = ['1', '2', lastingJob, oddJobs.withoutHosts] as const;

/** A subject for callers to meet on, a crowd so often. One takes fifty times as long as another. */
export function chooseTopic(random: Random, crowded: number): Topic {
  const chance = random();
  const isOdd = chance < 0.15;
  const isCrowded = chance > 1 - crowded;
  return {
    jobInstanceId: isCrowded ? crowdedJob : among(random, isOdd ? Object.values(oddJobs) : sharedJobs),
    form: isCrowded ? among(random, formsOfCrowds) : among(random, formNames),
  };
}

/** One of several. */
export function among<Item>(random: Random, items: readonly Item[]): Item {
  return items[wholeNumber(random, 0, items.length - 1)]!;
}

/** An operation on a topic: its document as it stands, with values written into it, or never seen before. */
export function makeOperation(random: Random, topic: Topic, persona: Persona): IsolationOperation {
  const own = random() < 0.1;
  const variables = variablesOf(own ? persona.canary : topic.jobInstanceId, persona, random);
  const document = forms[topic.form];
  const manner = random();
  // Texts that are new are most of what a trial costs.
  if (manner < 0.01) return withFreshName(document, variables, random);
  return manner < 0.04 ? withLiterals(document, variables) : onlyUsed(document, variables);
}

function variablesOf(
  jobInstanceId: string,
  { canary }: Persona,
  random: Random,
): Readonly<Record<string, unknown>> {
  const stepInstanceId = `${canary}1`;
  const host = `biz:2:${jobInstanceId}:${stepInstanceId}:${canary}11`;
  return {
    job: jobInstanceId,
    jobs: [jobInstanceId, among(random, sharedJobs), among(random, Object.values(oddJobs))],
    step: stepInstanceId,
    hosts: random() < 0.5,
    host,
    references: [
      { __typename: 'JobInstance', bkBizId: '2', jobInstanceId },
      { __typename: 'StepInstance', bkBizId: '2', jobInstanceId, stepInstanceId },
      { __typename: 'StepIpResult', id: host },
      { __typename: 'JobInstance', id: `biz:2:${among(random, sharedJobs)}` },
    ],
  };
}

function onlyUsed(document: string, variables: IsolationOperation['variables']): IsolationOperation {
  const used = new Set([...document.matchAll(/\$(\w+)/g)].map(([, name]) => name));
  return {
    document,
    variables: Object.fromEntries(Object.entries(variables).filter(([name]) => used.has(name))),
  };
}

function withFreshName(
  document: string,
  variables: IsolationOperation['variables'],
  random: Random,
): IsolationOperation {
  const name = `query Fresh${String(wholeNumber(random, 0, 1e9))}`;
  return onlyUsed(document.replace(/^query \w+/, name), variables);
}

function withLiterals(document: string, variables: IsolationOperation['variables']): IsolationOperation {
  const text = document
    .replace(/^(query \w+)\([^)]*\)/, '$1')
    .replaceAll(/\$(\w+)/g, (_whole, name: string) => toLiteral(variables[name]));
  return { document: text, variables: {} };
}

function toLiteral(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toLiteral).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${name}: ${toLiteral(member)}`);
  return `{${members.join(', ')}}`;
}

/** The job that an operation is about, as far as it is about one. */
function jobOf({ document, variables }: IsolationOperation): string {
  const literal = /jobInstanceIds?"?: \[?"(\d+)"/.exec(document)?.[1];
  const [listed] = Array.isArray(variables['jobs']) ? (variables['jobs'] as readonly unknown[]) : [];
  const { job = listed ?? literal ?? '1' } = variables;
  return String(job);
}

/** The same asked of entities: references to the job, its step and its host, several times over, and to others. */
export function asEntities(operation: IsolationOperation, { canary }: Persona): IsolationOperation {
  const jobInstanceId = jobOf(operation);
  const stepInstanceId = `${canary}1`;
  const references = Array.from({ length: 3 }, () => [
    { __typename: 'JobInstance', bkBizId: '2', jobInstanceId },
    { __typename: 'StepInstance', bkBizId: '2', jobInstanceId, stepInstanceId },
    { __typename: 'StepIpResult', id: `biz:2:${jobInstanceId}:${stepInstanceId}:${canary}11` },
    ...sharedJobs.map((job) => ({ __typename: 'JobInstance', id: `biz:2:${job}` })),
  ]);
  return { document: forms.entities, variables: { references: references.flat() } };
}

const followedPlain = 'id name statusCode steps { id name executeCount startTime }';
const followedHosts = 'name steps { ipResults { id ip bkHostId tag exitCode } }';

/** Follows the job that the operation is about, where it is about hosts with these. */
export function asFollowing(operation: IsolationOperation): IsolationOperation {
  const selection = operation.document.includes('ipResult') ? followedHosts : followedPlain;
  return {
    document: `subscription Follow($job: ID!) { jobInstanceUpdated(scope: {bkBizId: 2}, jobInstanceId: $job) { ${selection} } }`,
    variables: { job: jobOf(operation) },
  };
}

/** The same and something of the schema, which the fast way leaves to graphql-js. */
export function withIntrospection({ document, variables }: IsolationOperation): IsolationOperation {
  return { document: document.replace('{ ', '{ __type(name: "Query") { name } '), variables };
}
