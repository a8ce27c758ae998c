/** One block of `key=value` lines of a LightGBM text model. */
export type TextSection = ReadonlyMap<string, string>;
