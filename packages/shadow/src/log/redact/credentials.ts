/** Shapes of credentials. Each is anchored by fixed text and has no nested repetition, so none can take more than linear time. */
const SHAPES: readonly RegExp[] = [
  /eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]*/u,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/u,
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----/u,
  /\b(?:Bearer|Basic|Token) +[A-Za-z0-9._~+/=-]{12,}/iu,
  /:\/\/[^/\s:@]{1,200}:[^/\s@]{1,200}@/u,
  /\b(?:sk|pk|rk|ghp|gho|xox[abp])[-_][A-Za-z0-9_-]{16,}/u,
  /\b(?:password|passwd|secret|api[-_]?key|token) *[=:] *\S{4,}/iu,
];
/** what every shape has somewhere; most texts have none of it and are done with one look */
const HINT = /eyJ|A[KS]IA|-----|[Bb]earer|[Bb]asic|[Tt]oken|BEARER|BASIC|TOKEN|:\/\/|[-_]|[=:]/u;
const RUN_CHARS_MIN = 24;
const HEX_CHARS_MIN = 48;
/** bits a character; words and identifiers stay below, keys that a program made are above */
const ENTROPY_MIN = 4.1;
const RUN = /[A-Za-z0-9+/_=-]{24,}/gu;

/** Whether a text looks like something that gives access. Knows shapes, not secrets: what looks like a word is not found. */
export function looksLikeCredential(text: string): boolean {
  if (text.length < 8) return false;
  if (HINT.test(text) && SHAPES.some((shape) => shape.test(text))) return true;
  if (text.length < RUN_CHARS_MIN) return false;
  return (text.match(RUN) ?? []).some((run) => (/^[0-9a-fA-F]+$/u.test(run) ? run.length >= HEX_CHARS_MIN : isMixed(run) && entropyBits(run) >= ENTROPY_MIN));
}

function isMixed(run: string): boolean {
  return /[A-Za-z]/u.test(run) && /[0-9]/u.test(run);
}

/** Shannon entropy of the characters, bits a character. */
function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const one of text) counts.set(one, (counts.get(one) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
