import { access } from 'node:fs/promises';
import { buildGraphiqlPage } from '../../scripts/build-graphiql-page.ts';

/** Makes sure, before the first test, that the page of the offline explorer has been built. */
export async function setup(): Promise<void> {
  try {
    await access(new URL('../../dist/graphiql.html', import.meta.url));
  } catch {
    await buildGraphiqlPage();
  }
}
