/** The upstream's bytes are not what they must be. The text names the place and never repeats what stood there. */
export class WireFormatError extends Error {
  override readonly name = 'WireFormatError';
}
