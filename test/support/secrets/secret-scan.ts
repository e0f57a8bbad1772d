/** A place where a secret was found. Holds nothing of it. */
export interface SecretFinding {
  readonly secret: string;
  /** How it was written. */
  readonly form: string;
  readonly where: string;
}

/** Looks through output for secrets. */
export interface SecretScan {
  look(where: string, text: string): void;
  readonly findings: readonly SecretFinding[];
  /** Characters that were looked through. */
  readonly looked: number;
}

/** So much of the beginning of a secret counts as the secret. */
const beginning = 12;

/** Makes a scan for these secrets, by their names. It knows nothing of how the service blanks them out. */
export function createSecretScan(secrets: Readonly<Record<string, string>>): SecretScan {
  const needles = Object.entries(secrets).flatMap(([secret, value]) =>
    Object.entries(formsOf(value)).map(([form, text]) => ({ secret, form, text: text.slice(0, beginning) })),
  );
  const findings: SecretFinding[] = [];
  let looked = 0;
  return {
    findings,
    get looked() {
      return looked;
    },
    look: (where, text) => {
      looked += text.length;
      for (const { secret, form, text: needle } of needles) {
        if (text.includes(needle)) findings.push({ secret, form, where });
      }
    },
  };
}

function formsOf(value: string): Readonly<Record<string, string>> {
  const hex = Buffer.from(value).toString('hex');
  // Halves of characters cannot stand in a URL; as bytes they are what stands for what cannot be written.
  const inUrl = encodeURIComponent(Buffer.from(value).toString());
  const inJson = JSON.stringify(value).slice(1, -1);
  return {
    raw: value,
    'URL-encoded': inUrl,
    'URL-encoded, small letters': inUrl.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    'URL-encoded throughout': hex.replaceAll(/../g, (byte) => `%${byte}`),
    'in JSON': inJson,
    'in JSON in JSON': JSON.stringify(inJson).slice(1, -1),
    'in JSON, escaped throughout': hex.replaceAll(/../g, (byte) => `\\u00${byte}`),
    hex,
    'hex, capital letters': hex.toUpperCase(),
    ...base64Forms(value),
  };
}

/** Base64 depends on how many bytes stand before; the first characters then hold bits of a neighbour. */
function base64Forms(value: string): Readonly<Record<string, string>> {
  const forms: Record<string, string> = {};
  for (const [before, shared] of [
    [0, 0],
    [1, 2],
    [2, 3],
  ] as const) {
    const text = Buffer.from(`${'.'.repeat(before)}${value}`)
      .toString('base64')
      .slice(shared);
    forms[`base64 after ${String(before)}`] = text;
    forms[`base64 for URLs after ${String(before)}`] = text.replaceAll('+', '-').replaceAll('/', '_');
  }
  return forms;
}
