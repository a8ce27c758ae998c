import type {FeatureSpec} from '../feature-spec.ts';
import type {DequePlace} from '../ir/layout.ts';
import type {Program} from './program.ts';

/** What a runtime must know of an emitted program. Places and sizes in doubles. */
export interface Manifest {
  readonly name: string;
  readonly featureHash: string;
  readonly ids: readonly string[];
  readonly rowAt: number;
  readonly symbolsAt: number;
  readonly symbolDoubles: number;
  readonly intsAt: number;
  readonly intCount: number;
  readonly deques: readonly DequePlace[];
  readonly horizon: number;
  readonly reach: number;
  /** inputs that it reads, as numbers of the mailbox */
  readonly inputs: readonly number[];
  readonly specs: readonly FeatureSpec[];
}

export const manifestOf = ({name, featureHash, specs, layout, builder}: Program): Manifest => ({
  name, featureHash, ids: specs.map(({id}) => id), rowAt: layout.rowAt, symbolsAt: layout.symbolsAt, symbolDoubles: layout.symbolDoubles, intsAt: layout.intsAt, intCount: layout.intCount,
  deques: layout.dequePlaces, horizon: layout.horizon, reach: layout.reach, inputs: [...builder.inputs].sort((a, b) => a - b), specs,
});
