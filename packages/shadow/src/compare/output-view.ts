import type {JsonDecoder} from '../flow/bounded-json/decode-json.ts';
import {describeFault} from '../flow/bounded-json/json-fault.ts';
import {parsePointer, scalarText, valueAt} from '../flow/bounded-json/json-pointer.ts';
import type {JsonFault} from '../flow/bounded-json/json-fault.ts';
import type {DecodedJson, JsonValue} from '../flow/bounded-json/json-value.ts';
import type {LaneOutput} from '../flow/lane-output.ts';
import type {CompareOptions} from './compare-options.ts';

/** One output, decoded, with what pairing needs to know about it. */
export interface OutputView {
  readonly payload: Uint8Array;
  readonly frames: readonly Uint8Array[] | null;
  /** what is read and shown: the payload, or what a codec made of it */
  readonly text: Uint8Array;
  /** a codec stands between octets and text: how the text is written says nothing about the lane */
  readonly translated: boolean;
  /** the text says what all frames say */
  readonly coversFrames: boolean;
  /** null when it is malformed, or not JSON by declaration or because its codec could not read it */
  readonly json: DecodedJson | null;
  readonly fault: JsonFault | null;
  readonly kind: string;
  readonly partition: string;
  readonly isError: boolean;
  /** why it refuses, `` when it does not say */
  readonly reason: string;
  /** position among the outputs of its cause and partition */
  ordinal: number;
}

/** Makes views of outputs as the options describe them. */
export class OutputReader {
  readonly #decoder: JsonDecoder;
  readonly #options: CompareOptions;
  readonly #kind: readonly string[];
  readonly #partition: readonly string[];
  readonly #reason: readonly string[] | null;
  readonly #errors: readonly {readonly kind: string; readonly path: readonly string[] | null; readonly equals: string}[];

  constructor(decoder: JsonDecoder, options: CompareOptions) {
    this.#decoder = decoder;
    this.#options = options;
    this.#kind = segmentsOf(options.outputKind);
    this.#partition = segmentsOf(options.partition);
    this.#reason = options.errorReason === null ? null : segmentsOf(options.errorReason);
    this.#errors = options.errors.map(({kind, path, equals}) => ({kind, path: path === undefined ? null : segmentsOf(path), equals: equals ?? ''}));
  }

  view(output: LaneOutput): OutputView {
    const {payload, frames, decoded: translation} = output;
    const origin = {payload, frames, text: translation?.text ?? payload, translated: translation !== undefined, coversFrames: translation?.coversFrames === true};
    if (this.#options.codec === 'raw' || translation?.text === null) return {...origin, json: null, fault: null, kind: '', partition: '', isError: false, reason: '', ordinal: 0};
    const decoded = this.#decoder.decode(origin.text);
    const root: JsonValue | undefined = decoded.ok ? decoded.json.root : decoded.partial;
    const kind = scalarText(valueAt(root, this.#kind)) ?? '';
    const isError = this.#errors.some((one) => one.kind === kind && (one.path === null || scalarText(valueAt(root, one.path)) === one.equals));
    return {
      ...origin,
      json: decoded.ok ? decoded.json : null,
      fault: decoded.ok ? null : decoded.fault,
      kind,
      partition: scalarText(valueAt(root, this.#partition)) ?? '',
      isError,
      reason: isError && this.#reason !== null ? scalarText(valueAt(root, this.#reason)) ?? '' : '',
      ordinal: 0,
    };
  }
}

/** The fault in words, for a finding's shape. */
export function faultText(view: OutputView): string {
  return view.fault === null ? '' : describeFault(view.fault).replace(/ at \d+$/u, '');
}

function segmentsOf(pointer: string): readonly string[] {
  return parsePointer(pointer) ?? [pointer];
}
