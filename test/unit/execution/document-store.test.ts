import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createDocumentStore } from '../../../src/execution/document-store.ts';

const plenty = { maxDocuments: 100, maxBytes: 1_000_000_000 };

describe('the store of documents', () => {
  it('gives what it was given, until that is taken out', async () => {
    const store = createDocumentStore(plenty);
    const document = parse('{ a }');
    await store.set('a', document);
    expect(await store.get('a')).toBe(document);
    expect(await store.get('b')).toBeUndefined();
    expect(await store.delete('a')).toBe(true);
    expect(await store.delete('a')).toBe(false);
    expect(await store.get('a')).toBeUndefined();
  });

  it('keeps those that were asked for last', async () => {
    const store = createDocumentStore({ ...plenty, maxDocuments: 2 });
    await store.set('a', parse('{ a }'));
    await store.set('b', parse('{ b }'));
    await store.get('a');
    await store.set('c', parse('{ c }'));
    expect(await store.get('b')).toBeUndefined();
    expect(await store.get('a')).toBeDefined();
    expect(await store.get('c')).toBeDefined();
  });

  it.each([
    ['blanks', '{ a }' + ' '.repeat(50_000)],
    ['comments', '{ a }' + '#\n'.repeat(500)],
    ['fields', `{ ${'a '.repeat(300)} }`],
  ])('counts what a document takes in memory: %s', async (_what, text) => {
    const store = createDocumentStore({ ...plenty, maxBytes: 400_000 });
    for (let at = 0; at < 10; at++) await store.set(String(at), parse(text));
    const kept = await Promise.all(Array.from({ length: 10 }, (_, at) => store.get(String(at))));
    const count = kept.filter((document) => document !== undefined).length;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(5);
  });

  it('counts a document once, however often it is stored, and keeps none that is too large by itself', async () => {
    const store = createDocumentStore({ ...plenty, maxBytes: 10_000 });
    for (let times = 0; times < 100; times++) await store.set('a', parse('{ a }'));
    expect(await store.get('a')).toBeDefined();
    await store.set('b', parse(`{ ${'a '.repeat(300)} }`));
    expect(await store.get('b')).toBeUndefined();
  });
});
