import type {Program} from './emit/program.ts';
import {unusableFeature} from './feature-error.ts';
import {specHash, type FeatureSpec} from './feature-spec.ts';
import type {Feature} from './feature.ts';
import {before, NOT_A_NUMBER, select} from './ir/expression.ts';
import {layOut} from './ir/layout.ts';
import {ProgramBuilder} from './ir/program-builder.ts';
import {schedule, type Group} from './ir/schedule.ts';
import {lagsOf, walkStatements} from './ir/visit.ts';
import {bodyOf, type Statement} from './ir/statement.ts';
import {startingAt, type ColumnName} from './series/inputs.ts';
import type {Series} from './series/series.ts';
import {lastFinite, namedSeries, type Sources} from './series/sources.ts';

/** Ticks until nothing in a program is young, and the largest window that a bad value can be in. */
const spanOf = (groups: readonly Group[], builder: ProgramBuilder): {horizon: number; reach: number} => {
  let horizon = 2, reach = 1;
  const tests = (list: readonly Statement[]): void => {
    for (const s of list) {
      if (s.k === 'when' && s.test.k === 'before') horizon = Math.max(horizon, s.test.ticks);
      if (s.k === 'loop' || s.k === 'extreme' || s.k === 'sorted') reach = Math.max(reach, s.ticks);
      tests(bodyOf(s));
    }
  };
  for (const {lanes} of groups) {
    for (const {careful} of lanes) {
      tests(careful);
      walkStatements(careful, (e) => {
        if (e.k === 'select' && e.test.k === 'before') horizon = Math.max(horizon, e.test.ticks);
        if (e.k === 'select' && e.test.k === 'missing') reach = Math.max(reach, e.test.ticks);
      });
      reach = Math.max(reach, ...lagsOf(careful));
    }
  }
  for (const {ticks} of builder.turns.values()) reach = Math.max(reach, ticks);
  return {horizon, reach};
};

/** What a feature reads; of a feature in its place the last finite value counts. */
const sourcesOf = (builder: ProgramBuilder, {spec, kind, sources}: Feature): Sources => {
  const read = (role: ColumnName, holds: boolean): Series => {
    const one = sources[kind.conventions.inputs.indexOf(role)];
    if (one === undefined) throw unusableFeature(spec.id, `${kind.kind} has no role '${role}'`);
    if (typeof one === 'string') return namedSeries(builder, one, holds);
    const series = lastFinite(builder, seriesOf(builder, {...one, spec: {...one.spec, nanPolicy: 'last'}}));
    return startingAt(series, Math.max(series.start, one.spec.minPeriods - 1));
  };
  const held = (role: ColumnName): Series => read(role, true);
  return {held, raw: (role) => read(role, spec.nanPolicy === 'last'), get bar() { return {high: held('high'), low: held('low'), price: held('price')}; }};
};

const seriesOf = (builder: ProgramBuilder, one: Feature): Series => {
  const {spec, kind} = one, series = kind.build(builder, spec, sourcesOf(builder, one))[spec.output];
  if (series === undefined) throw unusableFeature(spec.id, `${kind.kind} made no '${spec.output}'`);
  return series;
};

const addOutput = (builder: ProgramBuilder, one: Feature): number => {
  const {spec} = one, series = seriesOf(builder, one);
  const warmup = Math.max(series.start, spec.minPeriods - 1);
  const output = builder.outputs.push({id: spec.id, warmup}) - 1;
  builder.unit(`out ${spec.kind} ${spec.output} ${spec.id}`, (u) => {
    u.unit.outputs.push(output);
    u.push({k: 'out', output, value: select(before(warmup), NOT_A_NUMBER, series.value)});
  });
  return warmup;
};

/**
 * Makes a program of features. Two features with the same id are refused.
 * The order of the row is the program's own (see `specs`): pairs of windows lie side by side.
 */
export const compileFeatures = (name: string, list: readonly Feature[]): Program => {
  const builder = new ProgramBuilder();
  const ids = new Set<string>();
  const warm: FeatureSpec[] = list.map((one) => {
    if (ids.has(one.spec.id)) throw unusableFeature(one.spec.id, 'two features have this id');
    ids.add(one.spec.id);
    return {...one.spec, warmup: addOutput(builder, one)};
  });
  const groups = schedule(builder);
  const layout = layOut(builder, groups, spanOf(groups, builder));
  const specs = new Array<FeatureSpec>(warm.length);
  warm.forEach((spec, output) => { specs[layout.outputPlaces[output]!] = spec; });
  return {name, specs, featureHash: specHash(specs), groups, layout, builder};
};
