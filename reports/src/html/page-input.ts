import type {ShownVerdict} from '../figures/shown-verdict.ts';
import type {Run} from '../read-run.ts';
import type {DetailLevel} from './detail-level.ts';

/** What every section of the page is made from. */
export interface PageInput {
  readonly run: Run;
  readonly verdict: ShownVerdict;
  readonly detail: DetailLevel;
}
