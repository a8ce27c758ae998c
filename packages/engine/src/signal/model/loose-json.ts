import {damagedModel} from './model-error.ts';

/** A value of a JSON or UBJSON document; UBJSON's typed arrays stay typed. */
export type DocumentValue = null | boolean | number | string | readonly DocumentValue[] | Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Int32Array | {readonly [key: string]: DocumentValue};

/** Texts and bare words; a text without an end is taken whole, so that no octet is looked at twice. */
const BARE = /"(?:[^"\\]+|\\[^])*"?|-?Infinity|NaN/g;

/** JSON as XGBoost writes it, where NaN and Infinity may stand bare. NaN becomes null. */
export const parseLooseJson = (name: string, text: string): DocumentValue => {
  try {
    return JSON.parse(text) as DocumentValue;
  } catch (first) {
    try {
      const strict = text.replace(BARE, (token) => token === 'NaN' ? 'null' : token === 'Infinity' ? '1e999' : token === '-Infinity' ? '-1e999' : token);
      return JSON.parse(strict) as DocumentValue;
    } catch {
      throw damagedModel(name, first instanceof Error ? first.message.slice(0, 200) : 'no JSON', first);
    }
  }
};
