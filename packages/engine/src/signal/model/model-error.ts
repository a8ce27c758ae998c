import {TandemError} from '@tandem/contract';

/** What a reader throws: `where` names the file, and the part of it that is meant. */
export const damagedModel = (name: string, seen: string, cause?: unknown): TandemError => new TandemError({
  id: 'TDM-E440', kind: 'usage', what: 'the model file is damaged, or is none of the forms that are read', where: name, seen,
  fix: 'save it again: LightGBM as text, XGBoost as JSON, UBJSON or the old binary form, scikit-learn through export_hist_gradient.py',
}, {cause});

export const unsupportedModel = (name: string, part: string): TandemError => new TandemError({
  id: 'TDM-E441', kind: 'usage', what: 'the model holds a part that is not compiled', where: name, seen: part, fix: 'train it without this part, or leave this model with the system that made it',
});

export const oversizedModel = (name: string, seen: string): TandemError => new TandemError({
  id: 'TDM-E442', kind: 'usage', what: 'the model is larger than any that is read', where: name, seen, fix: 'check that the file is the one that was meant',
});

export const unusableGolden = (name: string, seen: string): TandemError => new TandemError({
  id: 'TDM-E444', kind: 'usage', what: 'the golden rows cannot be used, and without them no model is run', where: name, seen, fix: 'make them with golden_rows.py from the same model file',
});

export const goldenMissing = (name: string): TandemError => unusableGolden(name, 'there are none');

export const goldenOfAnotherModel = (name: string, theirs: string, ours: string): TandemError =>
  unusableGolden(name, `they are of a model with SHA-256 ${theirs.slice(0, 16)}..., the file has ${ours.slice(0, 16)}...`);
