import type {Link} from './forest.ts';
import {unsupportedModel} from './model-error.ts';

interface Objective {
  readonly link: Link['kind'];
  /** how a base score becomes the margin that sums start with */
  readonly margin: 'same' | 'logit' | 'log' | 'same-or-logit';
}

const objective = (link: Link['kind'], margin: Objective['margin']): Objective => ({link, margin});
const SAME = objective('identity', 'same');
const LOG = objective('exp', 'log');

const OBJECTIVES: Readonly<Record<string, Objective>> = {
  'reg:squarederror': SAME, 'reg:linear': SAME, 'reg:squaredlogerror': SAME, 'reg:pseudohubererror': SAME, 'reg:absoluteerror': SAME, 'reg:quantileerror': SAME, 'reg:expectileerror': SAME,
  'rank:pairwise': SAME, 'rank:ndcg': SAME, 'rank:map': SAME,
  'reg:logistic': objective('sigmoid', 'logit'), 'binary:logistic': objective('sigmoid', 'logit'), 'binary:logitraw': objective('identity', 'same-or-logit'),
  'binary:hinge': objective('step', 'same'), 'multi:softprob': objective('softmax', 'same'), 'multi:softmax': objective('softmax-class', 'same'),
  'count:poisson': LOG, 'reg:gamma': LOG, 'reg:tweedie': LOG, 'survival:cox': LOG, 'survival:aft': LOG,
};

const round = Math.fround;

/** labels that are all alike give a score of 0 or 1, which 3.x brings this far in and earlier versions did not */
const SCORE_MIN = round(1e-6);

const logit = (score: number): number => round(-round(Math.log(round(round(1 / score) - 1))));

/** An objective of XGBoost: its link, and base scores as margins in float32. */
export interface XgboostObjective {
  readonly link: Link;
  readonly toMargin: (baseScore: number) => number;
  /** as other versions of the library take the same base score, where they disagree */
  readonly toOtherMargin: ((baseScore: number) => number) | null;
}

/** @throws TandemError TDM-E441 */
export const readXgboostObjective = (name: string, objectiveName: string): XgboostObjective => {
  const found = Object.hasOwn(OBJECTIVES, objectiveName) ? OBJECTIVES[objectiveName] : undefined;
  if (found === undefined) throw unsupportedModel(name, `objective ${objectiveName}`);
  const toMargin = (base: number): number => {
    const score = round(base);
    if (found.margin === 'log') return round(Math.log(score));
    if (found.margin === 'logit') return logit(Math.min(Math.max(score, SCORE_MIN), round(1 - SCORE_MIN)));
    return score;
  };
  return {link: {kind: found.link, scale: 1}, toMargin, toOtherMargin: found.margin === 'same' || found.margin === 'log' ? null : (base) => logit(round(base))};
};

/** Whether a version, as `3.4.1`, is this one or a later one. */
export const isVersionFrom = (version: string, major: number, minor: number): boolean => {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
};

/** From 3.4 on XGBoost sorts the quantiles of a row, so that they do not cross. @param version of the library that answers */
export const quantileLink = (version: string): Link => ({kind: isVersionFrom(version, 3, 4) ? 'sort' : 'identity', scale: 1});
