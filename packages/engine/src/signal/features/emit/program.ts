import type {FeatureSpec} from '../feature-spec.ts';
import type {ProgramBuilder} from '../ir/program-builder.ts';
import type {Layout} from '../ir/layout.ts';
import type {Group} from '../ir/schedule.ts';

/** Features in the form that emitters read. */
export interface Program {
  readonly name: string;
  /** in the order of the row */
  readonly specs: readonly FeatureSpec[];
  readonly featureHash: string;
  readonly groups: readonly Group[];
  readonly layout: Layout;
  readonly builder: ProgramBuilder;
}
