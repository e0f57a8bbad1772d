import type { GraphQLResolveInfo } from 'graphql';
import type { AskedField, Run } from './run.ts';

/** All that graphql-js tells a resolver. */
type Told = Pick<
  GraphQLResolveInfo,
  | 'fieldName'
  | 'fieldNodes'
  | 'returnType'
  | 'parentType'
  | 'path'
  | 'schema'
  | 'fragments'
  | 'rootValue'
  | 'operation'
  | 'variableValues'
>;

/** What a resolver is told of its field. */
export function createFieldInfo(run: Run, field: AskedField): GraphQLResolveInfo {
  const told: Told = new FieldInfo(run, field);
  // Libraries of gateways declare that there is more.
  return told as GraphQLResolveInfo;
}

/** Hardly a resolver asks. To have all of it ready for each field of each object takes more memory than the answer. */
class FieldInfo implements Told {
  readonly #run: Run;
  readonly #field: AskedField;

  constructor(run: Run, field: AskedField) {
    this.#run = run;
    this.#field = field;
  }

  get fieldName(): string {
    return this.#field.definition.name;
  }

  get fieldNodes(): Told['fieldNodes'] {
    return this.#field.nodes;
  }

  get returnType(): Told['returnType'] {
    return this.#field.definition.type;
  }

  get parentType(): Told['parentType'] {
    return this.#field.parentType;
  }

  /** Without the places in lists above: no resolver of this service looks at it. */
  get path(): Told['path'] {
    return { prev: undefined, key: this.#field.key, typename: this.#field.parentType.name };
  }

  get schema(): Told['schema'] {
    return this.#field.known.schema;
  }

  get fragments(): Told['fragments'] {
    return this.#field.known.fragments;
  }

  get rootValue(): unknown {
    return this.#run.rootValue;
  }

  get operation(): Told['operation'] {
    return this.#field.known.operation;
  }

  get variableValues(): Told['variableValues'] {
    return this.#run.variables;
  }
}
