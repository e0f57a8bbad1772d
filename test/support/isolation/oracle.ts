import { canaryLength, secretPattern, type Canaries, type Persona } from './personas.ts';

/** What is known of an operation beside its answer. */
export interface JudgedOperation {
  readonly persona: Persona;
  /** How many answers bk-job had given when the operation began. */
  readonly begunAt: number;
  /** Whether the answer of this number may be told though bk-job gave it before. */
  readonly mayBeTold: (number: number) => boolean;
}

/** What an answer tells. */
export interface Judgement {
  /** What is wrong with it; none where nothing is. */
  readonly leaks: readonly string[];
  /** How often it holds the digits of whoever asked: an oracle that sees none sees nothing. */
  readonly own: number;
}

/** Looks through a complete answer, its status, headers and body in one text. */
export type Oracle = (answer: string, operation: JudgedOperation) => Judgement;

/** Text of the body as it is read by people: texts of JSON within JSON are not escaped twice by our answers. */
const moments = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;
const cursors = /[cC]ursor":"([\w-]+)"/g;
const runsOfDigits = new RegExp(`\\d{${String(canaryLength)},}`, 'g');
const numbersOfAnswers = /q(\d+)q/g;

/**
 * Finds what was meant for somebody else (their digits, in whatever form), what is older than the question (the number
 * of an answer that bk-job gave before it, so that somebody must have kept it) and may not be, and any sign-in.
 */
export function createOracle(canaries: Canaries): Oracle {
  return (answer, { persona, begunAt, mayBeTold }) => {
    const leaks: string[] = [];
    let own = 0;
    for (const digits of digitsIn(answer)) {
      if (digits === persona.canary) own += 1;
      else if (canaries.isCanary(digits)) leaks.push(`holds what was meant for ${digits}`);
    }
    for (const [, digits] of answer.matchAll(numbersOfAnswers)) {
      const number = Number(digits);
      if (number <= begunAt && !mayBeTold(number)) {
        leaks.push('was made of an answer given before it was asked for');
      }
    }
    if (secretPattern.test(answer)) leaks.push('holds a sign-in');
    return { leaks, own };
  };
}

function* digitsIn(answer: string): Generator<string> {
  for (const [run] of answer.matchAll(runsOfDigits)) yield run.slice(0, canaryLength);
  for (const [moment] of answer.matchAll(moments)) yield String(Math.floor(Date.parse(moment) / 1000));
  for (const [, cursor = ''] of answer.matchAll(cursors)) {
    const text = Buffer.from(cursor, 'base64url').toString('latin1');
    for (const [run] of text.matchAll(runsOfDigits)) yield run.slice(0, canaryLength);
  }
}
