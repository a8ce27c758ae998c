import type {Claim} from './claim.ts';

/** Every claim, in the order in which they are measured. */
export const ALL_CLAIMS: readonly Claim[] = [];
