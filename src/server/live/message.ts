/** A message as it goes out: pieces one after another. */
export type Message = readonly Uint8Array[];

/** From so many bytes on, what is the same for all clients is handed over as it is, and not copied for each of them. */
const largePiece = 16 * 1024;

/** Puts what is the same for all clients between what is a client's own. */
export function frameMessage(head: string, body: Uint8Array, tail: string): Message {
  if (body.length >= largePiece) return [Buffer.from(head), body, Buffer.from(tail)];
  const headBytes = Buffer.byteLength(head);
  const message = Buffer.allocUnsafe(headBytes + body.length + Buffer.byteLength(tail));
  message.write(head);
  message.set(body, headBytes);
  message.write(tail, headBytes + body.length);
  return [message];
}
