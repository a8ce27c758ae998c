import type {CanaryStage} from './ownership.ts';

/** One line of canary/timeline.jsonl: what happened to ownership, when and why. */
export interface CanaryEvent {
  readonly tWallMs: number;
  readonly kind: 'stage' | 'promote' | 'rollback' | 'halt' | 'kill' | 'crash' | 'restart' | 'note';
  readonly stage: CanaryStage;
  /** share of partitions that the candidate owns, 0..1 */
  readonly share: number;
  readonly action: string;
  readonly reason: string;
  readonly released: number;
  readonly suppressed: number;
}
