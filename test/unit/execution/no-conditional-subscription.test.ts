import { parse, specifiedRules, validate, buildSchema } from 'graphql';
import { expect, it } from 'vitest';
import { noConditionalSubscription } from '../../../src/execution/no-conditional-subscription.ts';

const schema = buildSchema(
  'type Query { a: String } type Subscription { a(b: Boolean): Query } directive @odd(if: Boolean) on FIELD',
);

const faultsOf = (text: string) =>
  validate(schema, parse(text), [...specifiedRules, noConditionalSubscription]).map(({ message }) => message);

const skipped = 'What a subscription follows must not depend on a variable: take @skip away.';

it.each([
  ['subscription ($v: Boolean!) { a @skip(if: $v) { a } }', [skipped]],
  ['subscription ($v: Boolean = true) { a @include(if: $v) { a } }', [skipped.replace('skip', 'include')]],
  ['subscription ($v: Boolean!) { ... @skip(if: $v) { a { a } } }', [skipped]],
  [
    'subscription ($v: Boolean!) { ...constructor } fragment constructor on Subscription { ...__proto__ } fragment __proto__ on Subscription { a @skip(if: $v) { a } }',
    [skipped],
  ],
  [
    'subscription ($v: Boolean!) { ...F } fragment F on Subscription { ...F a @skip(if: $v) { a } }',
    ['Cannot spread fragment "F" within itself.', skipped],
  ],
  ['subscription ($v: Boolean!) { ...None @skip(if: $v) }', ['Unknown fragment "None".', skipped]],
  [
    'subscription A ($v: Boolean!) { a @skip(if: $v) { a } } subscription B ($v: Boolean = true) { a(b: $v) @skip(if: $v) { a } }',
    [skipped, skipped, 'Variable "$v" is never used in operation "A".'],
  ],
  ['subscription { a @skip(if: true) { a } }', []],
  ['subscription ($v: Boolean!) { a(b: $v) @odd(if: $v) { a @skip(if: $v) } }', []],
  ['query ($v: Boolean!) { a @skip(if: $v) }', []],
])('%s', (text, expected) => {
  expect(faultsOf(text).sort()).toEqual([...expected].sort());
});
