import type { SimulatedScope } from './job-model.ts';

/** Parameters of a request as texts. */
export type Parameters = Readonly<Record<string, string>>;

const scopeTypes = ['biz', 'biz_set', 'tenant_set'] as const;

/** A bk_biz_id in this range names a business set (upstream contract 1.2). */
const firstBizSetId = 8_000_000n;
const lastBizSetId = 9_999_999n;

/** The scope of a request; null where it names none. Any scope parameter wins over bk_biz_id (upstream contract 1.2). */
export function readScope(parameters: Parameters): SimulatedScope | 'illegal' | null {
  const { bk_scope_type: type = '', bk_scope_id: id = '', bk_biz_id: bizId = '' } = parameters;
  if (type !== '' || id !== '') {
    const known = scopeTypes.find((one) => one === type);
    return known === undefined ? 'illegal' : { type: known, id };
  }
  if (!/^\d{1,19}$/.test(bizId)) return null;
  const number = BigInt(bizId);
  const isSet = number >= firstBizSetId && number <= lastBizSetId;
  return { type: isSet ? 'biz_set' : 'biz', id: number.toString() };
}

const trueTexts: readonly string[] = ['true', '1', 'on', 'yes'];
const falseTexts: readonly string[] = ['', 'false', '0', 'off', 'no'];

/** A truth as Spring reads one from a query; false where there is none, null where the text is none. */
export function readFlag(text = ''): boolean | null {
  const lower = text.toLowerCase();
  return trueTexts.includes(lower) ? true : falseTexts.includes(lower) ? false : null;
}
