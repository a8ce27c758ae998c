/** Two texts split into what both share at both ends and what differs between. */
interface TextDifference {
  readonly before: string;
  readonly expected: string;
  readonly actual: string;
  readonly after: string;
}

const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

/** Never splits a surrogate pair, so that both halves stay readable. */
export const textDifference = (expected: string, actual: string): TextDifference => {
  const shorter = Math.min(expected.length, actual.length);
  let head = 0;
  while (head < shorter && expected[head] === actual[head]) head++;
  if (head > 0 && (isLow(expected.charCodeAt(head)) || isLow(actual.charCodeAt(head)))) head--;
  let tail = 0;
  while (tail < shorter - head && expected[expected.length - 1 - tail] === actual[actual.length - 1 - tail]) tail++;
  if (tail > 0 && isLow(expected.charCodeAt(expected.length - tail))) tail--;
  return {
    before: expected.slice(0, head), expected: expected.slice(head, expected.length - tail), actual: actual.slice(head, actual.length - tail),
    after: expected.slice(expected.length - tail),
  };
};
