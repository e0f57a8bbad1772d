import { access } from 'node:fs/promises';
import { buildGraphiqlPage } from '../../scripts/build-graphiql-page.ts';
import { buildWatchPage } from '../../scripts/build-watch-page.ts';

/** Makes sure, before the first test, that the page of the offline explorer has been built, and builds that which follows a job. */
export async function setup(): Promise<void> {
  await buildWatchPage();
  try {
    await access(new URL('../../dist/graphiql.html', import.meta.url));
  } catch {
    await buildGraphiqlPage();
  }
}
