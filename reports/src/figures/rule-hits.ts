import type {Run} from '../read-run.ts';
import type {IgnoreEntry} from '../read/decode-manifest.ts';

interface IgnoreRow extends IgnoreEntry {
  /** fields that it decided; null when the run counted hits under another name */
  readonly hits: number | null;
  /** its last day was before the day of the run: it should not have counted any more */
  readonly expired: boolean;
}

/** Ignore rules with their hits. Expiry is judged on the day of the run, never on the day of reading. */
export const ignoreRows = (run: Run): readonly IgnoreRow[] => {
  const hits = run.evidence?.parity?.ruleHits ?? {};
  const day = run.manifest.startedAt.slice(0, 10);
  return run.manifest.rules.ignores.map((ignore) => ({
    ...ignore,
    hits: (ignore.source === null ? undefined : hits[ignore.source]) ?? hits[ignore.path] ?? null,
    expired: /^\d{4}-\d{2}-\d{2}/.test(ignore.expires) && ignore.expires.slice(0, 10) < day,
  }));
};
