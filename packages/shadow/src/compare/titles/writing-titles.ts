import type {LaneWords} from './number-titles.ts';
import type {NumberPair, TextPair} from './example-pairs.ts';

/** How the same numbers are written differently. */
export function writingTitle(pairs: readonly NumberPair[], {expected, actual}: LaneWords): string {
  const every = (law: (pair: NumberPair) => boolean): boolean => pairs.every(law);
  if (every(({left, right}) => left.negative !== right.negative)) return 'sign of zero differs';
  if (every(({expected: text, actual: other}) => !/[.e]/iu.test(other) && text === `${other}.0`)) return `${actual} writes whole numbers without ".0"`;
  if (every(({expected: text, actual: other}) => !/[.e]/iu.test(text) && other === `${text}.0`)) return `${actual} writes whole numbers with ".0"`;
  if (every(({expected: text, actual: other}) => exponents(text) && !exponents(other))) return `${actual} writes out what ${expected} writes with an exponent`;
  if (every(({expected: text, actual: other}) => !exponents(text) && exponents(other))) return `${actual} writes an exponent where ${expected} writes the number out`;
  if (every(({expected: text, actual: other}) => text.includes('.') && text.length > other.length)) return `${actual} writes numbers without trailing zeros`;
  if (every(({expected: text, actual: other}) => other.includes('.') && text.length < other.length)) return `${actual} writes numbers with trailing zeros`;
  return 'the same numbers, written differently';
}

/** What pairs of different texts have in common. */
export function textTitle(pairs: readonly TextPair[], {expected, actual}: LaneWords): string | null {
  const every = (law: (pair: TextPair) => boolean): boolean => pairs.every(law);
  if (every(({actual: other}) => other === '')) return `${actual} leaves the text empty`;
  if (every(({expected: text}) => text === '')) return `${actual} fills a text that ${expected} leaves empty`;
  if (every(({expected: text, actual: other}) => text.toLowerCase() === other.toLowerCase())) return 'letter case differs';
  if (every(({expected: text, actual: other}) => text.trim() === other.trim())) return 'white space around the text differs';
  if (every(({expected: text, actual: other}) => text.normalize('NFC') === other.normalize('NFC'))) return 'the same characters, composed differently';
  if (every(({expected: text, actual: other}) => text.startsWith(other))) return cutTitle(pairs, actual);
  if (every(({expected: text, actual: other}) => other.startsWith(text))) return `${actual} has a longer text that begins with ${expected}'s`;
  if (every(({expected: text, actual: other}) => text.length > 1 && [...text].reverse().join('') === other)) return `${actual} has the text backwards`;
  if (every(({expected: text, actual: other}) => sorted(text) === sorted(other) && text.includes(','))) return 'the same items in another order';
  return null;
}

/** The same exchange of one text for another in all examples, or a few of them. */
export function exchangeTitle(pairs: readonly TextPair[], {expected, actual}: LaneWords): string | null {
  const kinds = new Map<string, TextPair>();
  for (const pair of pairs) kinds.set(`${pair.expected}\u001f${pair.actual}`, pair);
  const [first] = pairs as readonly [TextPair];
  if (pairs.length > 1 && kinds.size > 3) {
    if (pairs.every((pair) => pair.actual === first.actual)) return `${actual} always says ${quoted(first.actual)}`;
    if (pairs.every((pair) => pair.expected === first.expected)) return `${expected} always says ${quoted(first.expected)}, ${actual} does not`;
    return null;
  }
  return [...kinds.values()].map((pair) => `${actual} says ${quoted(pair.actual)} where ${expected} says ${quoted(pair.expected)}`).join('; ');
}

function cutTitle(pairs: readonly TextPair[], actual: string): string {
  const length = pairs[0]?.actual.length ?? 0;
  return pairs.every((pair) => pair.actual.length === length) && pairs.length > 1 ? `${actual} cuts the text at ${String(length)} characters` : `${actual} cuts the text short`;
}

function exponents(text: string): boolean {
  return /e/iu.test(text);
}

function sorted(text: string): string {
  return text.split(',').sort().join(',');
}

function quoted(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text === '' ? 'nothing' : text;
}
