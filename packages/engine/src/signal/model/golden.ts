import {TandemError} from '@tandem/contract';
import type {CompiledModel} from './compile-forest.ts';
import {parseLooseJson, type DocumentValue} from './loose-json.ts';
import {ModelDocument} from './model-document.ts';
import {unusableGolden as refuse} from './model-error.ts';

/** Answers of the original library, made by `golden_rows.py`. */
export interface GoldenRows {
  /** of the model's file, hex */
  readonly modelSha256: string;
  /** library and version that answered */
  readonly library: string;
  readonly rows: readonly Float64Array[];
  readonly raw: readonly Float64Array[];
  readonly values: readonly Float64Array[];
}

/** How a model met its golden rows. */
export interface GoldenReport {
  readonly library: string;
  readonly rowCount: number;
  /** largest distance of a value behind an exponential, in units of the last place of the model's precision; raw sums have none */
  readonly valueUlpsMax: number;
}

/** Exponentials of two mathematical libraries differ in the last place, and a quotient of their sums in a few: this many units of it are let through behind a link. */
export const VALUE_ULPS_MAX = 8;

const WORDS: Readonly<Record<string, number>> = {nan: NaN, inf: Infinity, '-inf': -Infinity};


const table = (name: string, document: ModelDocument, key: string): Float64Array[] => document.list(key).map((row, at) => {
  if (!Array.isArray(row)) throw refuse(name, `${key}/${at} is no list`);
  return Float64Array.from(row as readonly DocumentValue[], (value) => {
    const number = typeof value === 'number' ? value : typeof value === 'string' ? WORDS[value] : undefined;
    if (number === undefined) throw refuse(name, `${key}/${at} holds ${JSON.stringify(value)}`);
    return number;
  });
});

/** @throws TandemError TDM-E444 when they are no golden rows: the fix is to make them again, not to save the model again */
export const readGoldenRows = (name: string, text: string): GoldenRows => {
  try {
    return goldenOf(name, text);
  } catch (cause) {
    if (cause instanceof TandemError && cause.detail.id === 'TDM-E440') throw refuse(name, cause.detail.seen ?? 'damaged');
    throw cause;
  }
};

const goldenOf = (name: string, text: string): GoldenRows => {
  const document = new ModelDocument(name, parseLooseJson(name, text));
  if (!document.has('format') || document.text('format') !== 'tandem-golden' || document.number('version') !== 1) throw refuse(name, 'another format or version');
  const golden = {
    modelSha256: document.text('model_sha256'), library: `${document.text('library')} ${document.text('library_version')}`,
    rows: table(name, document, 'rows'), raw: table(name, document, 'raw'), values: table(name, document, 'values'),
  };
  if (golden.rows.length === 0) throw refuse(name, 'no rows');
  if (golden.raw.length !== golden.rows.length || golden.values.length !== golden.rows.length) throw refuse(name, `${golden.rows.length} rows with ${golden.raw.length} raw and ${golden.values.length} values`);
  return golden;
};

const spacing = (x: number, mantissaBits: number, exponentMin: number): number => 2 ** Math.max(Math.floor(Math.log2(Math.abs(x))) - mantissaBits, exponentMin);

const ulpsBetween = (a: number, b: number, isSingle: boolean): number => {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  const unit = isSingle ? spacing(b, 23, -149) : spacing(b, 52, -1074);
  const distance = Math.abs(a - b) / unit;
  return Number.isNaN(distance) ? Infinity : distance;
};

/**
 * Runs the compiled model over its golden rows.
 * @throws TandemError TDM-E445 unless every raw sum is bit for bit the library's and every value is within {@link VALUE_ULPS_MAX}
 */
export const checkGolden = (name: string, model: CompiledModel, golden: GoldenRows): GoldenReport => {
  const sums = new Float64Array(model.rawCount);
  const values = new Float64Array(model.valueCount);
  const isSingle = model.forest.precision === 'single';
  const ulpsAllowed = model.forest.link.kind === 'identity' ? 0 : VALUE_ULPS_MAX;
  let valueUlpsMax = 0;
  const differ = (row: number, what: string, got: number, expected: number): TandemError => new TandemError({
    id: 'TDM-E445', kind: 'usage', what: 'the compiled model does not reproduce its golden rows, so it is not run', where: `${name}, golden row ${row}`,
    seen: `${what} ${got} instead of ${expected} of ${golden.library} (${model.forest.origin})`, fix: 'leave this model with the system that made it, and report the model',
  });
  golden.rows.forEach((row, at) => {
    const expected = golden.raw[at] ?? new Float64Array(0);
    const expectedValues = golden.values[at] ?? new Float64Array(0);
    if (row.length !== model.forest.featureCount || expected.length !== sums.length || expectedValues.length !== values.length) {
      throw refuse(name, `row ${at} has ${row.length} features, ${expected.length} sums and ${expectedValues.length} values; the model ${model.forest.featureCount}, ${sums.length} and ${values.length}`);
    }
    model.values(row, values);
    model.raw(row, sums);
    sums.forEach((sum, output) => { if (!Object.is(sum, expected[output])) throw differ(at, `raw sum ${output} is`, sum, expected[output] ?? NaN); });
    values.forEach((value, output) => {
      const ulps = ulpsBetween(value, expectedValues[output] ?? NaN, isSingle);
      if (ulps > ulpsAllowed) throw differ(at, `value ${output} is`, value, expectedValues[output] ?? NaN);
      valueUlpsMax = Math.max(valueUlpsMax, ulps);
    });
  });
  return {library: golden.library, rowCount: golden.rows.length, valueUlpsMax};
};
