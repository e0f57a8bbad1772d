import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEventReader } from '../../../../src/server/watch/page/event-stream.ts';

const text =
  ':\n\nevent: next\ndata: {"a":"é"}\n\n: still here\n\nevent: next\r\ndata: 1\r\ndata: 2\r\n\r\nevent: complete\ndata: \n\n';
const events = [
  { event: 'next', data: '{"a":"é"}' },
  { event: 'next', data: '1\n2' },
  { event: 'complete', data: '' },
];

it('reads the same events however the stream is cut into pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
      const places = [0, ...cuts.toSorted((one, other) => one - other), text.length];
      const read = createEventReader();
      const found = places.slice(1).flatMap((end, index) => read(text.slice(places[index], end)));
      expect(found).toEqual(events);
    }),
  );
});

it('gives nothing of an event that is not whole', () => {
  const read = createEventReader();
  expect(read('event: next\ndata: {"half"')).toEqual([]);
  expect(read(':1}\n\n')).toEqual([{ event: 'next', data: '{"half":1}' }]);
});
