/** What an explorer holds when it is opened for the first time. */
export interface FirstOperation {
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
}

const body = `query FailedHosts($scope: ScopeInput!, $job: ID!) {
  jobInstance(scope: $scope, jobInstanceId: $job) {
    name
    phase
    finished
    steps {
      name
      phase
    }
    ipResultSummary {
      total
      failed
    }
    ipResults(phase: FAILED) {
      ip
      status
      exitCode
      tag
    }
  }
}
`;

const forEmbedded: FirstOperation = {
  document: `# Which hosts failed? Ctrl-Enter asks.\n${body}`,
  variables: { scope: { bkBizId: '2' }, job: '20000000004' },
  headers: { 'X-Bkapi-Authorization': '{"bk_token":"alice"}' },
};

// Nothing here may be valid by chance: whoever runs it as it is must not be shown a job that they did not ask for.
const forRealUpstream: FirstOperation = {
  document: '# Which hosts failed? Fill in variables and headers; Ctrl-Enter asks.\n' + body,
  variables: { scope: { bkBizId: '' }, job: '' },
  headers: {},
};

/**
 * The operation that both explorers are opened with: a job of the demonstration and its user where bk-job is the
 * embedded one, otherwise the same question without a job and without a user.
 */
export function firstOperation(options: { readonly embeddedUpstream: boolean }): FirstOperation {
  return options.embeddedUpstream ? forEmbedded : forRealUpstream;
}

/** The same question in one line and without variables, to be tried from a command line against the embedded bk-job. */
export const firstQuery =
  '{ jobInstance(scope: {bkBizId: "2"}, jobInstanceId: "20000000004") ' +
  '{ name phase ipResults(phase: FAILED) { ip status exitCode tag } } }';
