import { describe, expect, it } from 'vitest';
import { assertDocumentFits } from '../../../src/execution/document-limits.ts';

const limits = { maxDocumentBytes: 20, parserMaxTokens: 3 };

describe('a document', () => {
  it.each(['{a}', 'x'.repeat(20), 'é'.repeat(10), '{\n a\n}', '{\r\n a\r\n}', '{\r a\r}'])(
    'of the most bytes and lines fits: %j',
    (text) => {
      expect(() => assertDocumentFits(text, limits)).not.toThrow();
    },
  );

  it.each([
    ['x'.repeat(21), 'A document may have 20 bytes.'],
    [`${'é'.repeat(10)}x`, 'A document may have 20 bytes.'],
    ['\n\n\n', 'A document may have 3 lines.'],
    ['\r\n\r\n\r\n', 'A document may have 3 lines.'],
    ['\r\r\r', 'A document may have 3 lines.'],
    ['\n\r\n\r', 'A document may have 3 lines.'],
  ])('of more is too complex: %j', (text, message) => {
    expect(() => assertDocumentFits(text, limits)).toThrow(
      expect.objectContaining({ code: 'OPERATION_TOO_COMPLEX', message }),
    );
  });
});
