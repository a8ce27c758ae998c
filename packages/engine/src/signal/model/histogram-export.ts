import {CategoryBudget} from './category-budget.ts';
import {checkForest} from './check-forest.ts';
import type {Forest, ForestTree, Link} from './forest.ts';
import type {DocumentValue} from './loose-json.ts';
import {ModelDocument} from './model-document.ts';
import {damagedModel, unsupportedModel} from './model-error.ts';
import {readFlatTree} from './flat-tree.ts';

export const HISTOGRAM_FORMAT = 'tandem-hist-gradient-boosting';
const LINKS: Readonly<Record<string, Link['kind']>> = {identity: 'identity', log: 'exp', logit: 'sigmoid', multinomial_logit: 'softmax'};

/**
 * scikit-learn's HistGradientBoosting, as `export_hist_gradient.py` writes it: columns and categories are those of the user's data, not of the encoder inside.
 * @throws TandemError TDM-E440, TDM-E441, TDM-E442
 */
export const readHistogramExport = (name: string, value: DocumentValue): Forest => {
  const document = new ModelDocument(name, value);
  if (document.number('version') !== 1) throw unsupportedModel(name, `version ${document.number('version')} of the export`);
  const link = LINKS[document.text('link')];
  if (link === undefined) throw unsupportedModel(name, `link ${document.text('link')}`);
  const base = document.numbers('baseline');
  const names = document.has('feature_names') ? document.texts('feature_names') : [];
  const budget = new CategoryBudget();
  const trees = document.objects('trees').map((tree, at) => readTree(`${name}, tree ${at}`, tree, budget));
  return checkForest(name, {
    family: 'hist-gradient-boosting', origin: `scikit-learn ${document.text('library_version')}`, featureCount: document.number('feature_count'),
    featureNames: names.length === 0 ? null : names, rawCount: base.length, trees, base, baseLast: false, precision: 'double', divisor: 1,
    categoryFraction: document.text('category_fraction') === 'truncated' ? 'truncated' : 'missing', link: {kind: link, scale: 1},
  });
};

const readTree = (name: string, tree: ModelDocument, budget: CategoryBudget): ForestTree => {
  const left = tree.integers('left');
  const flat = {left, right: tree.integers('right'), feature: tree.integers('feature'), condition: tree.numbers('threshold'), defaultLeft: tree.numbers('missing_left')};
  const value = tree.numbers('value');
  for (const [key, {length}] of Object.entries({...flat, value})) if (length !== left.length) throw damagedModel(name, `${key} has ${length} entries for ${left.length} nodes`);
  if (left.length < 1) throw damagedModel(name, 'no nodes');
  const sets = new Map<number, Uint32Array>();
  for (const categorical of tree.has('categorical') ? tree.objects('categorical') : []) {
    const node = categorical.number('node');
    if (!(node in left)) throw damagedModel(name, `categories of node ${node}, which is not there`);
    sets.set(node, leftSet(name, categorical, (flat.defaultLeft[node] ?? 0) !== 0, budget));
  }
  // a leaf has its value where a node has its threshold
  const condition = flat.condition.map((threshold, node) => left[node] === -1 ? value[node] ?? NaN : sets.has(node) ? 0 : threshold);
  return readFlatTree(name, {...flat, condition, categories: sets}, tree.number('output'), {weight: 1, precision: 'double'});
};

/** Known categories go to their side, those between them that were never seen to the side of what is missing. */
const leftSet = (name: string, categorical: ModelDocument, isDefaultLeft: boolean, budget: CategoryBudget): Uint32Array => {
  const known = categorical.integers('known');
  const goLeft = new Set(categorical.integers('left'));
  const end = known.reduce((most, category) => Math.max(most, category + 1), 0);
  const set = budget.take(name, end).fill(isDefaultLeft ? 0xffffffff : 0);
  for (const category of known) {
    if (category < 0) throw damagedModel(name, `category ${category}`);
    const word = set[category >>> 5] ?? 0;
    const bit = 1 << (category & 31);
    set[category >>> 5] = (goLeft.has(category) ? word | bit : word & ~bit) >>> 0;
  }
  return set;
};
