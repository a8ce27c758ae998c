const LINES_MAX = 20;
const LINE_CHARS_MAX = 300;
const BYTES_KEPT_MAX = 64 * 1024;

/** Last lines of a program's output for an error message: no control characters, no credentials of URLs, bounded. */
export function tailOf(text: string): readonly string[] {
  return text.slice(-BYTES_KEPT_MAX).split(/\r?\n/)
    .map((line) => withoutSecrets(line).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '').trimEnd().slice(0, LINE_CHARS_MAX))
    .filter((line) => line !== '')
    .slice(-LINES_MAX);
}

/** An index URL may carry a user and a password; pip masks most of them, not all. */
function withoutSecrets(line: string): string {
  return line.replace(/([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@]{1,500}@/gi, '$1***@');
}

/** What went wrong, in one line: Python's last `SomeError: text`, pip's last `ERROR:` line, else the last line at all. */
export function reasonOf(lines: readonly string[]): string {
  return lines.findLast((line) => /^[A-Za-z_][\w.]*(?:Error|Exception)\b/.test(line))
    ?? lines.findLast((line) => /^ERROR:/.test(line)) ?? lines.at(-1) ?? 'it said nothing';
}
