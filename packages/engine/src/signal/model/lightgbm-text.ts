import {CategoryBudget} from './category-budget.ts';
import {checkForest} from './check-forest.ts';
import {MODEL_LIMITS, type Forest} from './forest.ts';
import {readLightgbmLink} from './lightgbm-objective.ts';
import {readLightgbmTree} from './lightgbm-tree.ts';
import type {TextSection} from './text-section.ts';
import {damagedModel, oversizedModel, unsupportedModel} from './model-error.ts';

/** lines of one block; the libraries write about twenty */
const LINES_MAX = 1000;

const sectionOf = (name: string, text: string): TextSection => {
  const section = new Map<string, string>();
  const lines = text.split('\n', LINES_MAX + 1);
  if (lines.length > LINES_MAX) throw oversizedModel(name, `a block of more than ${LINES_MAX} lines`);
  for (const line of lines) {
    const at = line.indexOf('=');
    if (at > 0) section.set(line.slice(0, at), line.slice(at + 1).trimEnd());
    else if (line.trim() !== '') section.set(line.trim(), '');
  }
  return section;
};

const count = (name: string, section: TextSection, key: string, most: number, fallback?: number): number => {
  const text = section.get(key);
  if (text === undefined && fallback !== undefined) return fallback;
  if (text === undefined || !/^\d{1,12}$/.test(text)) throw damagedModel(name, `${key}=${text ?? '(missing)'}`);
  const value = Number(text);
  if (value > most) throw oversizedModel(name, `${key}=${text}`);
  return value;
};

/**
 * A model that LightGBM saved as text, format v2 to v4.
 * @throws TandemError TDM-E440, TDM-E441, TDM-E442
 */
export const readLightgbmText = (name: string, text: string): Forest => {
  const firstTree = text.search(/^(Tree=|end of trees)/m);
  const header = sectionOf(name, text.slice(0, Math.max(0, firstTree)));
  if (firstTree < 0) throw damagedModel(name, 'no tree, and no "end of trees"');
  const version = header.get('version') ?? '(none)';
  if (!/^v[234]$/.test(version)) throw unsupportedModel(name, `LightGBM's text format ${version}`);
  const featureCount = count(name, header, 'max_feature_idx', MODEL_LIMITS.features - 1) + 1;
  const classes = count(name, header, 'num_class', MODEL_LIMITS.outputs);
  const rawCount = count(name, header, 'num_tree_per_iteration', MODEL_LIMITS.outputs, classes);
  const treeTexts = readTreeTexts(name, text.slice(firstTree), header);
  const budget = new CategoryBudget();
  const trees = treeTexts.map((treeText, at) => readLightgbmTree(`${name}, Tree=${at}`, sectionOf(name, treeText), at % Math.max(1, rawCount), budget));
  const iterations = trees.length / Math.max(1, rawCount);
  if (!Number.isInteger(iterations)) throw damagedModel(name, `${trees.length} trees for ${rawCount} outputs`);
  const names = header.get('feature_names')?.split(' ', MODEL_LIMITS.features + 1);
  return checkForest(name, {
    family: 'lightgbm', origin: `LightGBM text ${version}`, featureCount, featureNames: names ?? null, rawCount, trees,
    base: new Float64Array(rawCount), baseLast: false, precision: 'double', categoryFraction: 'truncated',
    divisor: header.has('average_output') && iterations > 0 ? iterations : 1, link: readLightgbmLink(name, header.get('objective')),
  });
};

/** The trees in order; they end where the file says so and are as many as `tree_sizes` promises, so a file that was cut short is seen. */
const readTreeTexts = (name: string, body: string, header: TextSection): string[] => {
  const end = body.search(/^end of trees/m);
  const promised = header.get('tree_sizes')?.split(' ', MODEL_LIMITS.trees + 1).filter((size) => size !== '').length;
  if (end < 0) throw damagedModel(name, 'the file ends before "end of trees"');
  const parts = body.slice(0, end).split(/^Tree=/m, MODEL_LIMITS.trees + 2).slice(1);
  if (parts.length > MODEL_LIMITS.trees) throw oversizedModel(name, `more than ${MODEL_LIMITS.trees} trees`);
  if (promised !== undefined && parts.length !== promised) throw damagedModel(name, `${parts.length} trees where tree_sizes has ${promised}`);
  parts.forEach((part, at) => { if (part.slice(0, part.indexOf('\n')).trim() !== String(at)) throw damagedModel(name, `tree ${at} is called ${part.slice(0, 20)}`); });
  return parts;
};
