/** One event of a stream: its name and its data. */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

/** Takes the events out of a text that grows. What is not whole yet stays for the next piece. */
export function createEventReader(): (piece: string) => readonly ServerEvent[] {
  let rest = '';
  return (piece) => {
    const blocks = (rest + piece).replaceAll('\r\n', '\n').split('\n\n');
    rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => {
      const event = readEvent(block);
      return event === null ? [] : [event];
    });
  };
}

/** A block of lines as an event; null for comments alone, which keep a connection alive. */
function readEvent(block: string): ServerEvent | null {
  const lines = block.split('\n').filter((line) => line !== '' && !line.startsWith(':'));
  if (lines.length === 0) return null;
  const valuesOf = (name: string): readonly string[] =>
    lines
      .filter((line) => line === name || line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).replace(/^ /, ''));
  return { event: valuesOf('event').at(-1) ?? 'message', data: valuesOf('data').join('\n') };
}
