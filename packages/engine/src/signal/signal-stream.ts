import type {SignalModel, SignalStream} from './simulation/feature-source.ts';

/** The model over the steps of so many symbols; one that knows no stream sees each row alone. */
export const signalStream = (model: SignalModel, symbols: number): SignalStream => model.stream?.(symbols) ?? {predict: (_, row) => model.predict(row)};
