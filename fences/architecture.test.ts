import {execFileSync} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {cruise, type ICruiseResult} from 'dependency-cruiser';
import {ESLint} from 'eslint';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {plantedImports, plantedTargets, plantedUses} from './planted-violations.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const sourceFiles = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'packages/*.ts', 'reports/*.ts'], {cwd: root, encoding: 'utf8'})
  .split('\n').filter((file) => file !== '' && !file.includes('/python/'));
let copy = '';

/** A copy of the tree whose workspaces resolve inside the copy. */
const copyTree = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-fences-'));
  const skip = /(^|\/)(node_modules|dist|python|runs|\.turbo)$/;
  for (const part of ['packages', 'reports', 'fences']) cpSync(join(root, part), join(folder, part), {recursive: true, filter: (path) => !skip.test(path)});
  for (const file of ['package.json', 'tsconfig.base.json', 'eslint.config.mjs', 'turbo.json']) cpSync(join(root, file), join(folder, file));
  mkdirSync(join(folder, 'node_modules/@tandem'), {recursive: true});
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@tandem' && name !== '.bin') symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  for (const name of readdirSync(join(root, 'node_modules/@tandem'))) {
    symlinkSync(join(folder, name === 'reports' ? 'reports' : `packages/${name}`), join(folder, 'node_modules/@tandem', name));
  }
  return folder;
};
const plant = (files: readonly {file: string; text: string}[]): void => {
  for (const {file, text} of files) {
    mkdirSync(dirname(join(copy, file)), {recursive: true});
    writeFileSync(join(copy, file), text);
  }
};
const config = (): Record<string, unknown> => createRequire(import.meta.url)('./dependency-cruiser.cjs') as Record<string, unknown>;
const inspect = async (baseDir: string): Promise<ICruiseResult> => {
  const {forbidden, options} = config() as {forbidden: unknown[]; options: object};
  const before = process.cwd();
  process.chdir(baseDir);
  try {
    const tsConfig = {options: {moduleResolution: 100, module: 199, allowImportingTsExtensions: true}};
    const result = await cruise(['packages', 'reports'], {...options, baseDir, validate: true, ruleSet: {forbidden}} as never, undefined, {tsConfig} as never);
    return result.output as ICruiseResult;
  } finally {
    process.chdir(before);
  }
};

describe('fences between packages and stages', () => {
  beforeAll(() => { copy = copyTree(); });
  afterAll(() => { rmSync(copy, {recursive: true, force: true}); });

  it('sees every source file and finds nothing in the tree as it is', async () => {
    const result = await inspect(root);
    expect(result.summary.totalCruised).toBeGreaterThanOrEqual(sourceFiles.length);
    expect(result.summary.violations.map(({rule, from, to}) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  }, 60_000);

  it('catches each planted import under its own rule', async () => {
    plant([...plantedTargets, ...plantedImports]);
    const {summary} = await inspect(copy);
    const caught = new Set(summary.violations.map(({rule, from}) => `${rule.name} ${from}`));
    expect(plantedImports.filter(({rule, file}) => !caught.has(`${rule} ${file}`)).map(({rule, file}) => `${rule} ${file}`)).toEqual([]);
  }, 60_000);

  it('every import rule has a plant', () => {
    const {forbidden} = config() as {forbidden: {name: string}[]};
    const planted = new Set(plantedImports.map(({rule}) => rule));
    const open = forbidden.map(({name}) => name).filter((name) => !planted.has(name));
    // the packages' doors are enforced by their manifests
    expect(open).toEqual(['doors']);
  });

  it('catches each planted use of clock, chance, world and oversize', async () => {
    plant(plantedUses);
    const eslint = new ESLint({cwd: copy});
    const results = await eslint.lintFiles(plantedUses.map(({file}) => join(copy, file)));
    const caught = new Set(results.flatMap(({filePath, messages}) => messages.map(({ruleId}) => `${ruleId} ${resolve(filePath)}`)));
    expect(plantedUses.filter(({rule, file}) => !caught.has(`${rule} ${resolve(copy, file)}`)).map(({rule, file}) => `${rule} ${file}`)).toEqual([]);
  }, 60_000);
});

describe('house numbers', () => {
  it('no file or folder hides behind a name that says nothing', () => {
    const bad = sourceFiles.filter((file) => /(^|\/)(utils?|helpers?|common|types)(\/|\.ts$)/.test(file));
    expect(bad).toEqual([]);
  });
});
