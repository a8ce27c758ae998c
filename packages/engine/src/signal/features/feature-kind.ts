import type {FeatureSpec} from './feature-spec.ts';
import type {ProgramBuilder} from './ir/program-builder.ts';
import type {ColumnName} from './series/inputs.ts';
import type {Series} from './series/series.ts';
import type {Sources} from './series/sources.ts';

/** What a kind states about its features when they are written down; `windows` and `params` are checked against the counts. */
export interface Conventions {
  /** roles of what it reads; each is also the column that is read where a feature names none */
  readonly inputs: readonly ColumnName[];
  readonly seed: string;
  readonly adjust?: boolean;
  readonly ddof?: number;
  readonly nanPolicy: FeatureSpec['nanPolicy'];
  readonly tieRule?: FeatureSpec['tieRule'];
  readonly zeroRule?: FeatureSpec['zeroRule'];
  readonly scale: FeatureSpec['tolerance']['scale'];
  readonly class?: FeatureSpec['tolerance']['class'];
  readonly rel?: number;
}

/** A kind of feature, written once for all emitters and windows. */
export interface FeatureKind {
  readonly kind: string;
  readonly outputs: readonly string[];
  /** how many windows and further numbers it takes, with their names */
  readonly windowNames: readonly string[];
  readonly paramNames?: readonly string[];
  /** seeds, divisors and rules that it knows besides those of its conventions */
  readonly seeds?: readonly string[];
  readonly ddofs?: readonly number[];
  /** what else it can do with bad values; every kind can hold the last finite one */
  readonly nanPolicies?: readonly FeatureSpec['nanPolicy'][];
  readonly zeroRules?: readonly FeatureSpec['zeroRule'][];
  readonly conventions: Conventions;
  /** one series for each of `outputs`, or for the wanted one alone */
  readonly build: (b: ProgramBuilder, spec: FeatureSpec, from: Sources) => Readonly<Record<string, Series>>;
}
