import { expect, it } from 'vitest';
import { tryDocuments } from '../support/fuzz/try-documents.ts';

it('a document made at random is answered or refused, and is never a fault of the service', async () => {
  const { documents, ran, crashes } = await tryDocuments(1500, 1);
  expect(crashes).toEqual([]);
  // Some of each kind: of refusals alone nothing could be learned about running.
  expect(ran).toBeGreaterThan(0.05 * documents);
});
