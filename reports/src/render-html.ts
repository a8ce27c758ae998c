import {TandemError} from '@tandem/contract';
import {shownVerdict} from './figures/shown-verdict.ts';
import {DETAIL_LEVELS} from './html/detail-level.ts';
import {renderPage} from './html/page.ts';
import type {Run} from './read-run.ts';

const KIB = 1024;
/** Above the first the page carries less detail; above the second it is not written at all. */
export const HTML_BYTES = {typical: 300 * KIB, max: 2 * KIB * KIB};

/** The page at the richest level of detail that fits the typical budget, else the leanest that fits the hard one. */
export const renderHtml = (run: Run): Uint8Array => {
  const verdict = shownVerdict(run);
  let bytes = new Uint8Array();
  for (const detail of DETAIL_LEVELS) {
    bytes = new TextEncoder().encode(renderPage({run, verdict, detail}));
    if (bytes.length <= HTML_BYTES.typical) return bytes;
  }
  if (bytes.length <= HTML_BYTES.max) return bytes;
  throw new TandemError({
    id: 'TDM-E603', kind: 'invariant', what: 'the HTML report would be larger than its hard limit', where: run.manifest.runId,
    seen: `${bytes.length} bytes, at most ${HTML_BYTES.max}`, fix: 'take --format json, and report this as a bug',
  });
};
