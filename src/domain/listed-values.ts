import { JobApiError, toJobApiError } from './errors.ts';

/** Gives the values of a list of an argument. Throws BAD_USER_INPUT where one of them cannot be. */
export type ListedValues<Value> = (list: readonly Value[]) => ReadonlySet<Value>;

/** What a list holds, or why it may not. */
type Finding<Value> = ReadonlySet<Value> | JobApiError;

/**
 * Makes what gives the values of lists, each as `parse` has it where there is one. A list is gone through once, also
 * where a value of it is refused: a variable is one list for all fields that name it, of all jobs, steps and hosts. It
 * may hold tens of thousands of values, and the budget of an operation counts hosts and steps alone.
 */
export function listedValues<Value>(parse?: (value: Value) => Value): ListedValues<Value> {
  const findings = new WeakMap<readonly Value[], Finding<Value>>();
  return (list) => {
    let finding = findings.get(list);
    if (finding === undefined) {
      finding = goThrough(list, parse);
      findings.set(list, finding);
    }
    if (finding instanceof JobApiError) throw finding;
    return finding;
  };
}

function goThrough<Value>(
  list: readonly Value[],
  parse: ((value: Value) => Value) | undefined,
): Finding<Value> {
  try {
    return new Set(parse === undefined ? list : list.map(parse));
  } catch (thrown) {
    return toJobApiError(thrown);
  }
}
