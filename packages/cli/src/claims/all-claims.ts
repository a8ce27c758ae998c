import type {Claim} from './claim.ts';
import {cutoverClaims} from './cutover-claims.ts';
import {engineClaims} from './engine-claims.ts';
import {latencyClaims} from './latency-claims.ts';
import {logClaims} from './log-claims.ts';
import {replayClaims} from './replay-claims.ts';
import {signalBaselineClaims} from './signal-baseline-claims.ts';
import {signalClaims} from './signal-claims.ts';
import {signalNativeClaims} from './signal-native-claims.ts';
import {signalStoreClaims} from './signal-store-claims.ts';
import {tapClaims} from './tap-claims.ts';
import {uxClaims} from './ux-claims.ts';

/** Every claim, in the order in which they are measured. */
export const ALL_CLAIMS: readonly Claim[] = [...latencyClaims, ...engineClaims, ...replayClaims, ...logClaims, ...tapClaims, ...cutoverClaims, ...signalClaims, ...signalNativeClaims, ...signalBaselineClaims, ...signalStoreClaims, ...uxClaims];
