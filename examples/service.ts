/** Where the examples find the service: as `npm start` starts it, unless they are told otherwise. */
export const url = process.env['BKJOB_GQL_URL'] ?? 'http://127.0.0.1:4000/graphql';

/** Where it takes sockets. */
export const socketUrl = new URL('/ws', url.replace(/^http/, 'ws')).href;

/** As whom they ask. The users of the embedded bk-job sign in by their names. */
export const headers = {
  'X-Bkapi-Authorization': JSON.stringify({ bk_token: process.env['BK_TOKEN'] ?? 'alice' }),
};

/** The job they ask for: the first argument, else one of the demonstration. */
export const variables = {
  scope: { bkBizId: process.env['BK_BIZ_ID'] ?? '2' },
  job: process.argv[2] ?? '20000000004',
};
