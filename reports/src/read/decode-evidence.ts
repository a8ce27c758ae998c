import type {Conservation, Divergence, DivergenceGroup, Evidence, LaneName, PairedField, ParityEvidence} from '@tandem/contract';
import {decodeLaneHealth, decodeLatency, decodeResources} from './decode-measurements.ts';
import {countOf, finite, flag, listOf, nullable, oneOf, recordOf, shape, text, wholeText} from './decode-shape.ts';
import type {Decode} from './decode-shape.ts';

const GROUPS_MAX = 1000;
const lane = oneOf<LaneName>('legacy', 'twin', 'candidate');

const differenceClass = oneOf('value', 'missing', 'extra', 'late', 'duplicate', 'reordered', 'type', 'schema', 'precision', 'format-only',
  'error-mismatch', 'malformed', 'state', 'bias');

const divergence: Decode<Divergence> = shape<Divergence>({
  class: differenceClass, path: text(300), outputKind: text(100), cause: text(200), partition: text(200), ordinal: countOf,
  inputSeq: countOf, expected: nullable(text(400)), actual: nullable(text(400)), rule: text(300), root: flag,
});

const conservation: Decode<Conservation> = shape<Conservation>({
  in: countOf, compared: countOf, waived: countOf, inFlight: countOf, lost: recordOf(countOf, 50), remainder: finite,
});

const paired: Decode<PairedField> = shape<PairedField>({outputKind: text(100), path: text(300), compared: countOf, onlyCandidate: countOf, onlyTwin: countOf, both: countOf, unpaired: countOf});

/** `onCut` hears how many entries of a list were left out and where. */
export const decodeEvidence = (onCut: (left: number, path: string) => void): Decode<Evidence> => {
  const group: Decode<DivergenceGroup> = shape<DivergenceGroup>({
    fingerprint: wholeText(64), class: differenceClass, path: text(300), outputKind: text(100), title: text(300), count: countOf,
    rootCount: countOf, firstInputSeq: countOf, examples: listOf(divergence, 50, onCut),
  });
  const parity: Decode<ParityEvidence> = shape<ParityEvidence>({
    expected: lane, actual: lane, conservation, outputs: countOf, matched: countOf, bytesEqual: countOf, fieldsCompared: countOf,
    fieldsIgnored: countOf, groups: listOf(group, GROUPS_MAX, onCut), byClass: recordOf(countOf, 50), ruleHits: recordOf(countOf, 1000),
    stateChecks: shape({equal: countOf, unequal: countOf, firstUnequalSeq: nullable(countOf)}),
  });
  return shape<Evidence>({
    messages: countOf,
    durationMs: countOf,
    pacing: shape({mode: oneOf('max', 'rate', 'recorded'), ratePerSecond: nullable(countOf), latePlannedShare: countOf}),
    parity: nullable(parity),
    floor: nullable(parity),
    paired: nullable(listOf(paired, GROUPS_MAX, onCut)),
    latency: listOf(decodeLatency, 12, onCut),
    resources: listOf(decodeResources(onCut), 6, onCut),
    lanes: listOf(decodeLaneHealth, 6, onCut),
    noise: nullable(shape({
      spinMs: countOf, gaps: countOf, worstGapNs: countOf, stealShare: nullable(countOf), steady: flag, reasons: listOf(text(300), 50),
    })),
    coverage: nullable(shape({cells: listOf(shape({name: text(200), seen: countOf}), 2000, onCut), missing: listOf(text(200), 2000, onCut)})),
    gaps: shape({messages: countOf, records: countOf, unknown: countOf}),
    harnessStallNsMax: countOf,
  });
};
