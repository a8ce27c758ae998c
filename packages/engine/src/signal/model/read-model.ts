import {TandemError} from '@tandem/contract';
import {foreignForm} from './foreign-form.ts';
import {MODEL_LIMITS, type Forest} from './forest.ts';
import {HISTOGRAM_FORMAT, readHistogramExport} from './histogram-export.ts';
import {readLightgbmText} from './lightgbm-text.ts';
import {parseLooseJson, type DocumentValue} from './loose-json.ts';
import {damagedModel, oversizedModel, unsupportedModel} from './model-error.ts';
import {parseUbjson} from './ubjson.ts';
import {readXgboostBinary} from './xgboost-binary.ts';
import {readXgboostDocument} from './xgboost-document.ts';

/** head and booster of the old binary form alone */
const BINARY_BYTES_MIN = 300;
const decoder = new TextDecoder('utf-8');

const readDocument = (name: string, value: DocumentValue): Forest => {
  if (value !== null && typeof value === 'object' && !Array.isArray(value) && !ArrayBuffer.isView(value)) {
    if ('format' in value && value['format'] === HISTOGRAM_FORMAT) return readHistogramExport(name, value);
    if ('learner' in value) return readXgboostDocument(name, value);
    if ('tree_info' in value) throw unsupportedModel(name, 'LightGBM\'s JSON dump, which has lost the digits of its thresholds; save the model as text');
    if ('oblivious_trees' in value) throw unsupportedModel(name, 'CatBoost\'s JSON, whose trees are not read');
  }
  throw damagedModel(name, 'a document that is no model of XGBoost and no export of scikit-learn');
};

/** Spaces, commas and lines of a text: the engine that runs us dies of a list with more values than it has room for, so they are counted before it is asked. */
const checkValueCount = (name: string, octets: Uint8Array): void => {
  if (octets.length <= MODEL_LIMITS.values) return;
  let count = 0;
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at];
    if (octet === 0x20 || octet === 0x2c || octet === 0x0a) count++;
  }
  if (count > MODEL_LIMITS.values) throw oversizedModel(name, `${count} values`);
};

/** The old binary form has no mark of its own and may begin with any octets, so it is tried before a file is called something else. */
const readUnmarked = (name: string, octets: Uint8Array, head: string): Forest => {
  const foreign = foreignForm(head);
  if (octets.length <= BINARY_BYTES_MIN) throw damagedModel(name, octets.length === 0 ? 'an empty file' : foreign ?? 'its first octets are those of no known form');
  try {
    return readXgboostBinary(name, octets);
  } catch (error) {
    throw foreign !== null && error instanceof TandemError && error.detail.id === 'TDM-E440' ? damagedModel(name, foreign, error) : error;
  }
};

/**
 * Reads a model file, whose form is known by its first octets.
 * @param name the file, for messages
 * @throws TandemError TDM-E440 damaged or of no known form, TDM-E441 with a part that is not compiled, TDM-E442 too large
 */
export const readModel = (name: string, octets: Uint8Array): Forest => {
  if (octets.length > MODEL_LIMITS.fileBytes) throw oversizedModel(name, `${octets.length} octets`);
  checkValueCount(name, octets);
  const head = String.fromCharCode(...octets.subarray(0, 64));
  if (/^tree\r?\n/.test(head)) return readLightgbmText(name, decoder.decode(octets).replaceAll('\r\n', '\n'));
  // an editor put it there: no library saves a model so
  if (/^\xef\xbb\xbf(tree|\s*\{)/.test(head)) throw damagedModel(name, 'a byte order mark stands before the model, with which its own library does not read the file; save it without the mark');
  // UBJSON writes an object as "{" and the marker of a key's length, JSON as "{" and a quote
  if (/^\{[iUIlL$#]/.test(head)) return readDocument(name, parseUbjson(name, octets));
  if (/^\s*\{\s*"/.test(head)) return readDocument(name, parseLooseJson(name, decoder.decode(octets)));
  return readUnmarked(name, octets, head);
};
