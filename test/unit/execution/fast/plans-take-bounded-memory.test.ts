import { getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { KeptPlans, type KeptPlan } from '../../../../src/execution/fast/kept-plans.ts';
import { SeenOperations } from '../../../../src/execution/fast/seen-operations.ts';
import { createExecutableSchema } from '../../../../src/execution/schema.ts';
import { buildJob } from '../../../support/build-job.ts';
import { createAsk } from '../../../support/ask-fast.ts';

const schema = createExecutableSchema({ node: true, subscription: true });
const job = 'jobInstance(scope: {bkBizId: 1}, jobInstanceId: 100)';
const many = (count: number, text: (index: string) => string) =>
  Array.from({ length: count }, (_, index) => text(String(index))).join(' ');

/** As many fields as a plan may have, from a short document. */
function askedOperation(name: string) {
  const document = parse(
    `{ ${many(20, (index) => `a${index}: ${job} { ...F }`)} } fragment F on JobInstance { ${many(22, (index) => `${name}${index}: name`)} }`,
  );
  return { document, operation: getOperationAST(document)!, variables: {} };
}

function keepIn(plans: KeptPlans, name: string, forgotten: string[]): KeptPlan {
  return plans.keep({ roots: [], bytes: 40, size: 0, wholeSize: 0 }, 40, () => forgotten.push(name));
}

describe('plans of operations', () => {
  it('take so much memory at most, however many documents there are', () => {
    const seen = new SeenOperations(schema);
    const planOf = (asked: ReturnType<typeof askedOperation>) => seen.planOf(asked) ?? seen.planOf(asked);
    const first = askedOperation('first');
    const often = askedOperation('often');
    const [firstPlan, oftenPlan] = [planOf(first), planOf(often)];
    expect(firstPlan).not.toBeNull();
    for (let at = 0; at < 100; at += 1) {
      expect(planOf(askedOperation(`other${String(at)}x`))).not.toBeNull();
      expect(seen.planOf(often)).toBe(oftenPlan);
    }
    const again = seen.planOf(first);
    expect(again).not.toBe(firstPlan);
    expect(again?.roots).toHaveLength(20);
  });

  it('go before those that were asked for since, the oldest first', () => {
    const forgotten: string[] = [];
    const plans = new KeptPlans(100);
    keepIn(plans, 'a', forgotten);
    const b = keepIn(plans, 'b', forgotten);
    keepIn(plans, 'c', forgotten);
    expect(forgotten).toEqual(['a']);
    b.isUsed = true;
    keepIn(plans, 'd', forgotten);
    expect(forgotten).toEqual(['a', 'c']);
    keepIn(plans, 'e', forgotten);
    expect(forgotten).toEqual(['a', 'c', 'b']);
  });

  it('are not made where a long name would stand in them over and over', async () => {
    const spread = (name: string) =>
      createAsk(
        `{ ${job} { ${many(100, (index) => `s${index}: steps { ...F }`)} } } fragment F on StepInstance { ${name}: name }`,
      );
    const [short, long] = [spread('short'), spread('long'.repeat(100))];
    const read = buildJob();
    for (const ask of [short, long]) expect(await ask(read)).toBeNull();
    expect(await short(read)).not.toBeNull();
    expect(await long(read)).toBeNull();
  });
});
