import type {Link} from './forest.ts';
import {unsupportedModel} from './model-error.ts';

interface Objective {
  readonly link: Link['kind'];
  /** how a base score becomes the margin that sums start with */
  readonly margin: 'same' | 'logit' | 'log';
}

const objective = (link: Link['kind'], margin: Objective['margin']): Objective => ({link, margin});
const SAME = objective('identity', 'same');
const LOG = objective('exp', 'log');

const OBJECTIVES: Readonly<Record<string, Objective>> = {
  'reg:squarederror': SAME, 'reg:linear': SAME, 'reg:squaredlogerror': SAME, 'reg:pseudohubererror': SAME, 'reg:absoluteerror': SAME, 'reg:quantileerror': SAME, 'reg:expectileerror': SAME,
  'rank:pairwise': SAME, 'rank:ndcg': SAME, 'rank:map': SAME,
  'reg:logistic': objective('sigmoid', 'logit'), 'binary:logistic': objective('sigmoid', 'logit'), 'binary:logitraw': SAME,
  'binary:hinge': objective('step', 'same'), 'multi:softprob': objective('softmax', 'same'), 'multi:softmax': objective('softmax-class', 'same'),
  'count:poisson': LOG, 'reg:gamma': LOG, 'reg:tweedie': LOG, 'survival:cox': LOG, 'survival:aft': LOG,
};

const round = Math.fround;

/** The link of an objective of XGBoost, and its base score as a margin in float32. @throws TandemError TDM-E441 */
export const readXgboostObjective = (name: string, objectiveName: string): {link: Link; toMargin: (baseScore: number) => number} => {
  const found = Object.hasOwn(OBJECTIVES, objectiveName) ? OBJECTIVES[objectiveName] : undefined;
  if (found === undefined) throw unsupportedModel(name, `objective ${objectiveName}`);
  const toMargin = (base: number): number => {
    const score = round(base);
    if (found.margin === 'log') return round(Math.log(score));
    if (found.margin === 'logit') return round(-round(Math.log(round(round(1 / score) - 1))));
    return score;
  };
  return {link: {kind: found.link, scale: 1}, toMargin};
};
