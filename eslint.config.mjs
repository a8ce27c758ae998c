import tseslint from 'typescript-eslint';

const message = 'Deciding code takes time and chance as arguments, so that a run can be replayed.';
const deciding = [
  'packages/shadow/src/{match,compare,judge,flow}/**/*.ts',
  'packages/shadow/src/canary/*core*.ts', 'packages/shadow/src/egress/*core*.ts',
  'packages/engine/src/{order,batch-frame}/**/*.ts', 'packages/engine/src/signal/simulation/**/*.ts', 'packages/engine/src/signal/signal-path.ts',
];
const tests = ['**/*.test.ts', '**/bench/**', '**/test/**', '**/fixtures/**'];

export default tseslint.config(
  {ignores: ['**/dist/**', '**/node_modules/**', '**/.venv/**', 'packages/legacy-bridge/python/**', 'reports/runs/**', 'tools/**', '.tandem/**', 'runs/**']},
  {linterOptions: {reportUnusedDisableDirectives: 'error'}},
  {
    files: ['packages/*/src/**/*.ts', 'packages/*/bench/**/*.ts', 'packages/*/test/**/*.ts', 'reports/**/*.ts', 'fences/**/*.ts'],
    languageOptions: {parser: tseslint.parser},
    plugins: {ts: tseslint.plugin},
    rules: {
      'ts/no-explicit-any': 'error',
      'ts/ban-ts-comment': 'error',
      'ts/consistent-type-imports': 'error',
      'no-restricted-exports': ['error', {restrictDefaultExports: {direct: true, named: true, defaultFrom: true}}],
      'no-restricted-syntax': ['error', {selector: 'TSEnumDeclaration', message: 'Types must strip away.'}],
      'no-eval': 'error', 'no-implied-eval': 'error', 'no-new-func': 'error',
      'prefer-const': 'error', eqeqeq: ['error', 'always', {null: 'ignore'}],
    },
  },
  {
    files: ['packages/*/src/**/*.ts', 'reports/src/**/*.ts'], ignores: tests,
    rules: {
      'max-lines': ['error', {max: 400}],
      'max-lines-per-function': ['error', {max: 70, skipBlankLines: true, skipComments: true}],
    },
  },
  // oclif loads a command by its default export
  {files: ['packages/cli/src/commands/**/*.ts'], rules: {'no-restricted-exports': 'off', 'max-lines': ['error', {max: 120}]}},
  {files: tests, rules: {'no-restricted-exports': 'off'}},
  {
    files: deciding, ignores: tests,
    rules: {
      'no-restricted-globals': ['error', ...['Date', 'performance', 'process', 'crypto', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch', 'console']
        .map((name) => ({name, message}))],
      'no-restricted-properties': ['error', {object: 'Math', property: 'random', message}, {object: 'globalThis', message}],
    },
  },
);
