import type {LaneName} from '@tandem/contract';
import type {SettledCause} from '../flow/settled-cause.ts';
import type {OpenInput} from './open-input.ts';

type PerLane = Readonly<Partial<Record<LaneName, number>>>;

const NONE: PerLane = Object.freeze({});

/** The input as the stages after this one see it. */
export function settledCauseOf(input: OpenInput, lanes: readonly [{readonly name: LaneName}, {readonly name: LaneName}]): SettledCause {
  return {
    inputSeq: input.inputSeq,
    cause: String(input.cause),
    input: input.payload,
    expected: input.outputs[0],
    actual: input.outputs[1],
    late: perLane(input.late, lanes),
    inverted: perLane(input.inverted, lanes),
  };
}

function perLane(counts: readonly [number, number], lanes: readonly [{readonly name: LaneName}, {readonly name: LaneName}]): PerLane {
  if (counts[0] === 0 && counts[1] === 0) return NONE;
  const some: Partial<Record<LaneName, number>> = {};
  if (counts[0] > 0) some[lanes[0].name] = counts[0];
  if (counts[1] > 0) some[lanes[1].name] = counts[1];
  return some;
}
