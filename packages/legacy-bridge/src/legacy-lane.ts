import {existsSync} from 'node:fs';
import {dirname, isAbsolute} from 'node:path';
import {fileURLToPath} from 'node:url';
import {TandemError, type LaneName, type LaunchLane, type Watermark} from '@tandem/contract';
import {laneEnvironment} from './python-environment.ts';
import type {PythonRuntime} from './python-runtime.ts';

/** The order paths in Python that come with this package: as a team would have written it, and the same after tuning. */
export type ReferenceScript = 'order_path' | 'order_path_tuned';

export function referenceScript(name: ReferenceScript): string {
  return fileURLToPath(new URL(`../python/reference/${name}.py`, import.meta.url));
}

export interface PythonLaneOptions {
  readonly name: LaneName;
  /** absolute path of the program */
  readonly script: string;
  /** absolute path of the rulebook; null when the program takes none */
  readonly rules: string | null;
  readonly python: PythonRuntime;
  readonly extraArgs?: readonly string[];
  readonly watermark?: Watermark;
  /** replaces the arguments of the order path, for a program with its own; `{in}`, `{out}`, `{stats}` are filled in */
  readonly args?: readonly string[];
}

/**
 * Runs the script as `__main__` with its own folder last in the search path: modules beside it are found, but a `json.py` there
 * cannot stand in for the library's. On Python before 3.11, which lacks -P, the entry for the working folder is taken out.
 */
const LAUNCHER = 'import sys;getattr(sys.flags,"safe_path",False) or sys.path.pop(0);sys.argv=sys.argv[1:];import os,runpy;'
  + 'sys.path.append(os.path.dirname(sys.argv[0]));runpy.run_path(sys.argv[0],run_name="__main__")';

/** A lane that runs a Python program with the arguments of docs/order-path.md. */
export function pythonLane(options: PythonLaneOptions): LaunchLane {
  const {name, script, rules, python} = options;
  for (const file of [script, ...(rules === null ? [] : [rules])]) {
    if (isAbsolute(file) && existsSync(file)) continue;
    throw new TandemError({
      id: 'TDM-E293', kind: 'usage', what: `A file of the ${name} lane is missing.`, where: file,
      seen: isAbsolute(file) ? 'there is no such file' : 'the path is not absolute', fix: 'write the path of a file that exists',
    });
  }
  const args = options.args ?? [...(rules === null ? [] : ['--rules', rules]), '--in', '{in}', '--out', '{out}', '--exit-on-stdin-eof', '--stats-file', '{stats}'];
  return {
    kind: 'launch', name, command: python.path,
    args: [...(hasSafePath(python.version) ? ['-P'] : []), '-c', LAUNCHER, script, ...args, ...(options.extraArgs ?? [])],
    byHand: [script, ...args, ...(options.extraArgs ?? [])],
    env: laneEnvironment(python.path), cwd: dirname(script),
    watermark: options.watermark ?? {kind: 'barrier', everyMessages: 1000},
    label: `python ${python.version.split('.').slice(0, 2).join('.')}`,
  };
}

function hasSafePath(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 3 || (major === 3 && minor >= 11);
}
