import { createHash } from 'node:crypto';
import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type ParseOptions,
  type ValidationRule,
} from 'graphql';
import { noConflictFlood } from './conflict-flood.ts';
import { createDocumentStore, type DocumentStore } from './document-store.ts';
import type { ExecutionObserver } from './execution-observer.ts';
import { noConditionalSubscription } from './no-conditional-subscription.ts';
import { noServiceSdl } from './no-service-sdl.ts';
import type { Refuse } from './refused-operation.ts';

/** By what documents are read and found valid, whoever does it. */
export interface DocumentRules {
  readonly parseOptions: ParseOptions;
  /** Rules beside those of the specification. */
  readonly validationRules: readonly ValidationRule[];
  readonly validationOptions: { readonly maxErrors: number };
  /** Documents that were read and found valid. */
  readonly documentStore: DocumentStore;
}

/** Enough to mend a document by. Each takes time to find its place in the text, and repeats what is wrong. */
const maxValidationErrors = 20;

const documentStoreLimits = { maxDocuments: 1000, maxBytes: 32 * 1024 ** 2 };

/** The rules for documents, with a store of their own. */
export function createDocumentRules(options: {
  /** Whether clients may ask for the schema. */
  readonly introspection: boolean;
  readonly parserMaxTokens: number;
  readonly observer?: Pick<ExecutionObserver, 'documentLookedUp'> | undefined;
}): DocumentRules {
  return {
    parseOptions: { maxLexicalTokens: options.parserMaxTokens },
    validationRules: [
      // One more than is told ends the validation.
      noConflictFlood(maxValidationErrors + 1),
      noConditionalSubscription,
      ...(options.introspection ? [] : [NoSchemaIntrospectionCustomRule, noServiceSdl]),
    ],
    validationOptions: { maxErrors: maxValidationErrors },
    documentStore: createDocumentStore(documentStoreLimits, (known) => {
      options.observer?.documentLookedUp(known);
    }),
  };
}

/** Makes what reads documents, or finds them read. It rejects with what `refuse` makes. */
export function createDocumentReader(
  schema: GraphQLSchema,
  rules: DocumentRules,
  refuse: Refuse,
): (text: string) => Promise<DocumentNode> {
  const { parseOptions, validationRules, validationOptions, documentStore } = rules;

  function parseDocument(text: string): DocumentNode {
    try {
      return parse(text, parseOptions);
    } catch (thrown) {
      throw thrown instanceof GraphQLError ? refuse('GRAPHQL_PARSE_FAILED', [thrown]) : thrown;
    }
  }

  return async (text) => {
    // Apollo Server makes keys of its own from the same texts.
    const key = `read:${createHash('sha256').update(text).digest('base64')}`;
    const known = await documentStore.get(key);
    if (known !== undefined) return known;
    const document = parseDocument(text);
    const errors = validate(schema, document, [...specifiedRules, ...validationRules], validationOptions);
    if (errors.length > 0) throw refuse('GRAPHQL_VALIDATION_FAILED', errors);
    await documentStore.set(key, document);
    return document;
  };
}
