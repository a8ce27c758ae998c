import type {Link} from './forest.ts';
import {damagedModel, unsupportedModel} from './model-error.ts';

const IDENTITY: Link = {kind: 'identity', scale: 1};
const PLAIN = new Set(['regression_l1', 'l1', 'huber', 'fair', 'quantile', 'mape', 'lambdarank', 'rank_xendcg', 'none', 'custom', 'null', 'na']);
const LINKS: Readonly<Record<string, Link>> = {
  poisson: {kind: 'exp', scale: 1}, gamma: {kind: 'exp', scale: 1}, tweedie: {kind: 'exp', scale: 1},
  multiclass: {kind: 'softmax', scale: 1}, softmax: {kind: 'softmax', scale: 1},
  cross_entropy: {kind: 'sigmoid', scale: 1}, xentropy: {kind: 'sigmoid', scale: 1},
  cross_entropy_lambda: {kind: 'log1p-exp', scale: 1}, xentlambda: {kind: 'log1p-exp', scale: 1},
};

/** The transform behind LightGBM's `objective=` line: a name and its parameters as `key:value`; a model of a custom objective has no such line. */
export const readLightgbmLink = (name: string, line: string | undefined): Link => {
  const [objective = '', ...parameters] = (line ?? '').split(' ').filter((part) => part !== '');
  if (objective === '' || PLAIN.has(objective)) return parameters.includes('sqrt') && objective !== 'huber' ? {kind: 'signed-square', scale: 1} : IDENTITY;
  if (objective === 'regression' || objective === 'regression_l2' || objective === 'l2') return parameters.includes('sqrt') ? {kind: 'signed-square', scale: 1} : IDENTITY;
  if (objective === 'binary' || objective === 'multiclassova') {
    const scale = Number(parameters.find((part) => part.startsWith('sigmoid:'))?.slice('sigmoid:'.length) ?? 1);
    if (!(scale > 0 && scale < Infinity)) throw damagedModel(name, `objective=${line}`);
    return {kind: 'sigmoid', scale};
  }
  const link = LINKS[objective];
  if (link === undefined) throw unsupportedModel(name, `objective ${objective}`);
  return link;
};
