import type {ComparedPair} from '@tandem/contract';
import type {OpenGroup} from '../divergence-groups.ts';
import {numberPairs, textPairs} from './example-pairs.ts';
import {numberTitle} from './number-titles.ts';
import type {LaneWords} from './number-titles.ts';
import {sequenceTitle} from './sequence-titles.ts';
import {exchangeTitle, textTitle, writingTitle} from './writing-titles.ts';

/** A sentence that says what the differences of a group have in common. Looks at the examples only. */
export function titleOf(group: OpenGroup, groups: readonly OpenGroup[], pair: ComparedPair): string {
  const words: LaneWords = pair;
  const {expected, actual} = words;
  const kind = group.outputKind === '' ? 'output' : `output of kind ${group.outputKind}`;
  switch (group.class) {
    case 'missing': return `${actual} lacks an ${kind}`;
    case 'extra': return group.shape.startsWith('unknown-cause') ? `${group.shape.endsWith('actual') ? actual : expected} sends an ${kind} for an input that nobody sent` : `${actual} sends an ${kind} that ${expected} does not send`;
    case 'duplicate': return `${group.shape === 'only actual' ? actual : expected} sends the same ${kind} twice`;
    case 'reordered': return group.shape.startsWith('inverted') ? `${group.shape.endsWith('actual') ? actual : expected} answers a later input of the same partition first` : 'outputs of one input come in another order';
    case 'late': return `${group.shape.endsWith('actual') ? actual : expected} answers after the input was settled`;
    case 'malformed': return `malformed ${kind}: ${group.shape}`;
    case 'error-mismatch': return refusalTitle(group.shape, words);
    case 'state': return `state digests differ after input ${String(group.firstInputSeq)}`;
    case 'bias': return `${actual} stays within the tolerance but leans ${group.shape === 'above' ? 'upwards' : 'downwards'}`;
    case 'schema': return schemaTitle(group.shape, words);
    case 'type': return typeTitle(group.shape, words);
    case 'format-only': return formatTitle(group, words);
    case 'value':
    case 'precision': return valueTitle(group, groups, words);
  }
}

function refusalTitle(shape: string, {expected, actual}: LaneWords): string {
  const [side = '', , ...reason] = shape.split(' ');
  const why = reason.join(' ');
  const [one, other] = side === 'expected' ? [expected, actual] : [actual, expected];
  return `${one} rejects${why === '' ? '' : ` with ${why}`}, ${other} accepts`;
}

function schemaTitle(shape: string, {expected, actual}: LaneWords): string {
  const [side, other] = shape.startsWith('only expected') ? [actual, expected] : [expected, actual];
  return shape.endsWith('null') ? `field missing in ${side} where ${other} has null` : `field missing in ${side}`;
}

function typeTitle(shape: string, {expected, actual}: LaneWords): string {
  const [left = '', right = ''] = shape.split('/');
  if (/^(NaN|-?Infinity)$/u.test(left) && right === 'null') return `${left} of ${expected} became null`;
  if (left === 'number' && right === 'string') return `${actual} writes the number as text`;
  if (left === 'string' && right === 'number') return `${actual} writes the text as a number`;
  return `${left} in ${expected}, ${right} in ${actual}`;
}

function formatTitle(group: OpenGroup, words: LaneWords): string {
  switch (group.shape) {
    case 'white space': return 'white space between tokens differs';
    case 'key order': return 'the same keys in another order';
    case 'escapes': return 'the same text, escaped differently';
    case 'escapes in keys': return 'the same keys, escaped differently';
    default: return writingTitle(numberPairs(group.examples) ?? [], words);
  }
}

function valueTitle(group: OpenGroup, groups: readonly OpenGroup[], words: LaneWords): string {
  if (group.shape === 'frames') return 'the frames before the payload differ';
  if (group.shape === 'bytes') return 'the bytes differ';
  const related = sequenceTitle(group, groups, words);
  if (related !== null) return related;
  const numbers = numberPairs(group.examples);
  if (numbers !== null) {
    if (group.shape === 'numeric text written otherwise') return writingTitle(numbers, words);
    const law = numberTitle(numbers, words);
    if (law !== null) return law;
    if (group.class === 'precision') return 'agree to twelve digits and more, differ behind';
  }
  const texts = textPairs(group.examples);
  const said = texts === null ? null : (numbers === null ? textTitle(texts, words) : null) ?? exchangeTitle(texts, words);
  return said ?? `${words.actual} differs from ${words.expected} without a pattern that is known`;
}
