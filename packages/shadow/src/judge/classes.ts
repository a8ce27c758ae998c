/** What is known about a field from the legacy's differences against itself. */
export type FieldClass =
  /** no difference between legacy and twin in enough triples: the first mismatch of the candidate counts */
  | 'deterministic'
  /** no difference yet, but in too few triples to call it deterministic */
  | 'unsettled'
  /** legacy and twin differ now and then: only evidence of *more* difference counts */
  | 'noisy'
  /** legacy and twin differ so often that comparing says nothing: unverified, never good */
  | 'opaque';

export interface FieldNoise {
  /** triples in which the field was compared */
  readonly compared: number;
  /** of these, legacy and twin differed */
  readonly twinDiffers: number;
}

/** From this share of legacy-twin differences on, a field is opaque. */
export const OPAQUE_SHARE = 0.5;

/** Clean triples after which a noise rate >= `rate` would have shown itself with probability 1 - alpha; 46,052 by default. */
export function triplesToSettle(rate = 1e-4, alpha = 0.01): number {
  return Math.ceil(Math.log(1 / alpha) / rate);
}

/** Class of a field. `needed` = triplesToSettle(...). */
export function classifyField(noise: FieldNoise, needed: number): FieldClass {
  if (noise.twinDiffers === 0) return noise.compared >= needed ? 'deterministic' : 'unsettled';
  return noise.twinDiffers >= OPAQUE_SHARE * noise.compared ? 'opaque' : 'noisy';
}
