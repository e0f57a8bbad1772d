import graphqlPlugin from '@graphql-eslint/eslint-plugin';
import tseslint from 'typescript-eslint';

const processEnv = {
  object: 'process',
  property: 'env',
  message: 'Settings are read in src/config and handed over by src/main.ts.',
};

const doubleCast = {
  selector: 'TSAsExpression > TSAsExpression[typeAnnotation.type="TSUnknownKeyword"]',
  message: 'A cast over unknown hides a wrong type.',
};

const defaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name, so that one thing has one name everywhere.',
};

const schemaRules = {
  ...graphqlPlugin.configs['flat/schema-recommended'].rules,
  ...graphqlPlugin.configs['flat/schema-relay'].rules,
  // Values without an identity of their own; a client merges them with what they belong to.
  '@graphql-eslint/strict-id-in-types': [
    'error',
    {
      exceptions: {
        types: [
          'Host',
          'IpResultConnection',
          'IpResultEdge',
          'IpResultGroup',
          'IpResultSummary',
          'JobApiError',
          'JobApiPermission',
          'JobApiPermissionAction',
          'JobApiPermissionResource',
          'JobInstanceLookup',
          'PageInfo',
        ],
      },
    },
  ],
  '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
  '@graphql-eslint/relay-edge-types': [
    'error',
    { listTypeCanWrapOnlyEdgeType: false, shouldImplementNode: true, withEdgeSuffix: true },
  ],
};

export default tseslint.config(
  {
    ignores: ['dist/', 'coverage/', 'reports/', '.stryker-tmp/', 'src/generated/', 'test/fixtures/'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  {
    files: ['**/*.ts', '**/*.js', '**/*.cjs'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', 350],
      'max-params': ['error', 3],
      'no-warning-comments': ['error', { terms: ['fixme', 'todo', 'xxx', 'hack'], location: 'anywhere' }],
      'no-restricted-syntax': ['error', doubleCast, defaultExport],
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // A recursive type needs an index signature, and a context of GraphQL has to be a type alias to have one.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // typescript-eslint 8.73.0 overflows the stack in this rule on recursive types, such as GraphQLOutputType.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  { files: ['**/*.js', '**/*.cjs'], extends: [tseslint.configs.disableTypeChecked] },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  { files: ['*.config.ts', '*.config.js'], rules: { 'no-restricted-syntax': ['error', doubleCast] } },
  {
    files: ['src/**', 'scripts/**', 'examples/**'],
    rules: { 'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }] },
  },
  // Written by graphql-codegen, which switches every rule off in it, whether it would be broken or not.
  { files: ['examples/generated-types/gql/**'], linterOptions: { reportUnusedDisableDirectives: 'off' } },
  // GraphQL gives a resolver four arguments.
  { files: ['src/resolvers/**'], rules: { 'max-params': ['error', 4] } },
  {
    files: ['src/**'],
    ignores: ['src/config/**', 'src/main.ts'],
    rules: {
      'no-restricted-properties': ['error', processEnv],
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'node:process', importNames: ['env'], message: processEnv.message }] },
      ],
    },
  },
  {
    files: ['test/**', 'bench/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      // A row of `it.each` is handed over argument by argument.
      'max-params': 'off',
      // Vitest's matchers, such as expect.objectContaining, are of type any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    files: ['schema/**/*.graphql'],
    plugins: { '@graphql-eslint': graphqlPlugin },
    languageOptions: {
      parser: graphqlPlugin.parser,
      parserOptions: { graphQLConfig: { schema: 'schema/*.graphql' } },
    },
    rules: schemaRules,
  },
);
