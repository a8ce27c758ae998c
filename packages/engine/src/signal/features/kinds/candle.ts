import {PAIRS, PAIRS_BY_DEPTH} from '../candles/pairs.ts';
import {patternSeries, type Pattern} from '../candles/pattern.ts';
import {SERIES_BY_DEPTH, SERIES_OF_BARS} from '../candles/series-of-bars.ts';
import {SINGLE_BARS} from '../candles/single-bars.ts';
import {TRIPLES, TRIPLES_BY_DEPTH} from '../candles/triples.ts';
import type {FeatureKind} from '../feature-kind.ts';
import type {FeatureSpec} from '../feature-spec.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import type {Series} from '../series/series.ts';
import type {Sources} from '../series/sources.ts';

const PLAIN: Readonly<Record<string, Pattern>> = {...SINGLE_BARS, ...PAIRS, ...TRIPLES, ...SERIES_OF_BARS};
const BY_DEPTH: Readonly<Record<string, (depth: number) => Pattern>> = {...PAIRS_BY_DEPTH, ...TRIPLES_BY_DEPTH, ...SERIES_BY_DEPTH};
const outputsOf = (patterns: Readonly<Record<string, unknown>>): string[] => Object.keys(patterns).sort().map((name) => `cdl${name}`);
const nameOf = ({output}: FeatureSpec): string => output.slice('cdl'.length);

const bars = {inputs: ['open', 'high', 'low', 'price'], seed: 'none', nanPolicy: 'last', scale: 'one', class: 'EXACT', rel: 0} as const;
const made = (b: ProgramBuilder, spec: FeatureSpec, {from, pattern, name}: {from: Sources; pattern: Pattern; name: string}): Readonly<Record<string, Series>> =>
  ({[spec.output]: patternSeries(b, {open: from.held('open'), high: from.held('high'), low: from.held('low'), close: from.held('price')}, {name, pattern})});

/** Candlestick patterns as TA-Lib knows them: 100 where one rises, -100 where it falls, else 0; 80 for a body that shares an end with the one it engulfs, 200 where a hikkake is confirmed. */
export const candle: FeatureKind = {
  kind: 'candle', outputs: outputsOf(PLAIN), windowNames: [], conventions: bars,
  build: (b, spec, from) => made(b, spec, {from, pattern: PLAIN[nameOf(spec)]!, name: nameOf(spec)}),
};

/** Those that take how far a close comes back into an earlier body, as a part of it. TA-Lib has 0.3; 0.5 for `cdldarkcloudcover` and `cdlmathold`. */
export const candleDepth: FeatureKind = {
  kind: 'candledepth', outputs: outputsOf(BY_DEPTH), windowNames: [], paramNames: ['penetration'], conventions: bars,
  build: (b, spec, from) => made(b, spec, {from, pattern: BY_DEPTH[nameOf(spec)]!(spec.params[0]!), name: `${nameOf(spec)} ${spec.params[0]!}`}),
};
