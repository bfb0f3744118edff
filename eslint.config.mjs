import tseslint from 'typescript-eslint';

/**
 * What each room may import (docs/architecture in CONTRIBUTING.md). A room's files import each other, the rooms listed and
 * the packages listed, of `typesOf` types only; `node:` modules only where `node` is true.
 */
const ROOMS = {
  'src/protocol': { rooms: ['hosts'], packages: ['zod'] },
  'src/ops': { rooms: [], packages: ['@tensorflow/tfjs-core'] },
  'src/hosts': { rooms: ['protocol'], typesOf: ['ops', 'learning', '@tensorflow/tfjs-core'], packages: ['zod'] },
  'src/learning': { rooms: ['protocol', 'ops', 'hosts'], packages: ['@tensorflow/tfjs-core', 'pure-rand'] },
  'src/engine': {
    rooms: ['protocol', 'ops', 'store'],
    packages: ['@tensorflow/.*', 'node-api-headers', 'tar', 'yauzl', 'zod'],
    node: true,
  },
  'src/data': { rooms: ['protocol', 'learning', 'store'], packages: ['jpeg-js', 'pngjs', 'tar', 'yauzl', 'zod'], node: true },
  'src/store': { rooms: ['protocol'], packages: ['zod', 'jsonc-parser'], node: true },
  'src/trainer': {
    rooms: ['protocol', 'hosts', 'ops', 'learning', 'engine', 'data', 'store'],
    packages: ['@tensorflow/tfjs-core', 'jsonc-parser'],
    node: true,
  },
  'src/extension': { rooms: ['protocol', 'store'], packages: ['vscode', 'jsonc-parser'], node: true },
  webview: { rooms: ['protocol'], packages: ['chart.js', '@vscode/webview-ui-toolkit'] },
};

const importRule = ([room, { rooms, packages, typesOf = [], node }]) => {
  const sibling = room.startsWith('src/') ? '(\\.\\./)+' : '(\\.\\./)+src/';
  const ownFiles = `\\./.*|(\\.\\./)+(?!src/|${Object.keys(ROOMS)
    .filter((other) => other.startsWith('src/') && other !== room)
    .map((other) => other.slice('src/'.length))
    .join('/|')}/).*`;
  const allowed = [ownFiles, ...rooms.map((r) => `${sibling}${r}/.*`), ...packages.map((p) => `${p}(/.*)?`), ...(node ? ['node:.*'] : [])];
  const onlyTypes = typesOf.map((of) => (of.startsWith('@') ? of : `${sibling}${of}/.*`));
  const message = `${room} may not import this: see the table of rooms in CONTRIBUTING.md.`;
  const patterns = [{ regex: `^(?!(${[...allowed, ...onlyTypes].join('|')})$)`, message }];
  if (onlyTypes.length > 0) patterns.push({ regex: `^(${onlyTypes.join('|')})$`, message, allowTypeImports: true });
  return { files: [`${room}/**/*.ts`], rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] } };
};

export default tseslint.config(
  { ignores: ['dist/**', 'runs/**', 'node_modules/**', 'test/workbench/server/**', 'src/engine/wasm/assembly/**'] },
  { files: ['**/*.ts'], extends: [tseslint.configs.base], linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      eqeqeq: 'error',
      'prefer-const': 'error',
      'no-console': 'error',
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' }],
    },
  },
  { files: ['test/**/*.ts', 'scripts/**/*.ts', 'src/trainer/**/*.ts'], rules: { 'no-console': 'off' } },
  ...Object.entries(ROOMS).map(importRule),
);
