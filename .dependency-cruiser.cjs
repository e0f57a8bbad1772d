/** Which folder may import which others and which packages. It is closed to everything that is not named for it. */
const layers = require('./layers.json');

/** Folders that must do without Node, too. */
const withoutNode = ['domain', 'upstream/wire', 'loaders', 'live', 'context', 'resolvers'];

/** Folders of which only the types may be imported, by whom. */
const typesOnly = [
  { from: 'resolvers', to: 'context' },
  { from: 'resolvers', to: 'generated' },
  { from: 'resolvers', to: 'live' },
  { from: 'execution', to: 'context' },
  { from: 'generated', to: 'domain' },
  { from: 'generated', to: 'context' },
  { from: 'config', to: 'domain' },
  { from: 'loaders', to: 'upstream' },
  { from: 'live', to: 'upstream' },
  { from: 'telemetry', to: 'context' },
  { from: 'telemetry', to: 'domain' },
  { from: 'telemetry', to: 'execution' },
  { from: 'telemetry', to: 'live' },
  { from: 'telemetry', to: 'server' },
  { from: 'telemetry', to: 'upstream' },
];

const toPattern = (part) => `^src/${part.replace('.', '\\.')}${part.endsWith('.ts') ? '$' : '/'}`;
const fromOf = (folder) =>
  folder === 'upstream'
    ? { path: '^src/upstream/', pathNot: '^src/upstream/wire/' }
    : { path: toPattern(folder) };

const layerRules = Object.entries(layers).map(([folder, { imports }]) => ({
  name: `${folder}-imports-its-own-layers`,
  severity: 'error',
  from: fromOf(folder),
  to: { path: '^(src|test|scripts|bench|examples)/', pathNot: [folder, ...imports].map(toPattern) },
}));

const packageRules = Object.entries(layers).map(([folder, { packages }]) => ({
  name: `${folder}-uses-its-own-packages`,
  severity: 'error',
  from: fromOf(folder),
  to: {
    path: 'node_modules/',
    ...(packages.length > 0 && { pathNot: packages.map((name) => `node_modules/${name}/`) }),
  },
}));

const nodeRules = withoutNode.map((folder) => ({
  name: `${folder}-needs-no-node`,
  severity: 'error',
  from: fromOf(folder),
  to: { dependencyTypes: ['core'] },
}));

const typeRules = typesOnly.map(({ from, to }) => ({
  name: `${from}-takes-types-of-${to}`,
  severity: 'error',
  from: fromOf(from),
  to: { path: toPattern(to), dependencyTypesNot: ['type-only'] },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    ...packageRules,
    ...nodeRules,
    ...typeRules,
    {
      name: 'nobody-imports-the-top',
      comment: 'What composes the service is used by program.ts and by tests.',
      severity: 'error',
      from: { path: '^src/[^/]+/' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'main-is-not-imported',
      severity: 'error',
      from: {},
      to: { path: '^src/main\\.ts$' },
    },
    {
      name: 'src-stands-alone',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts|bench|examples)/' },
    },
    {
      name: 'examples-stand-alone',
      comment: 'Somebody copies them into a project of their own.',
      severity: 'error',
      from: { path: '^examples/' },
      to: { path: '^(src|test|scripts|bench)/' },
    },
    {
      name: 'no-cycles',
      comment: 'Types may know each other through the generated file, values never.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      // The package named here has types and nothing to run.
      to: { couldNotResolve: true, pathNot: '^@graphql-typed-document-node/core$' },
    },
    {
      name: 'listed-in-package-json',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'src-needs-no-development-package',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // What the service is measured against, with packages of its own.
    exclude: { path: '^bench/peers/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
