import type {ModelOrder} from './order-model.ts';
import type {SeededRandom} from './seeded-random.ts';

/** One answer of the venue that lies in the future. */
export interface VenueEvent {
  readonly order: ModelOrder;
  readonly kind: 'ack' | 'reject' | 'fill' | 'canceled' | 'cancel-reject' | 'replaced' | 'late-fill' | 'expired';
}

export interface Scheduled {
  readonly afterUs: number;
  readonly event: VenueEvent;
}

/** What the venue will do with a new order: acknowledge, mostly, and fill some of them in parts. */
export const venueAfterNew = (order: ModelOrder, random: SeededRandom, fillChance: number): Scheduled[] => {
  const roll = random.next();
  if (roll < 0.002) return [{afterUs: 1_300_000, event: {order, kind: 'ack'}}];
  const ackUs = 300 + Math.round(random.exponential(500));
  if (roll < 0.012) return [{afterUs: ackUs, event: {order, kind: 'reject'}}];
  const events: Scheduled[] = roll < 0.02 ? [] : [{afterUs: ackUs, event: {order, kind: 'ack'}}];
  if (random.chance(fillChance)) {
    let atUs = ackUs;
    for (let fills = 1 + random.below(3); fills > 0; fills -= 1) {
      atUs += 200 + Math.round(random.exponential(60_000));
      events.push({afterUs: atUs, event: {order, kind: 'fill'}});
    }
  }
  return events;
};

/** Cancels win mostly; some meet a fill on the way, a few are refused, and a few are followed by a fill that came too late. */
export const venueAfterCancel = (order: ModelOrder, random: SeededRandom): Scheduled[] => {
  const afterUs = 300 + Math.round(random.exponential(500));
  const roll = random.next();
  if (roll < 0.05) return [{afterUs: Math.round(afterUs / 2), event: {order, kind: 'fill'}}, {afterUs, event: {order, kind: 'canceled'}}];
  if (roll < 0.08) return [{afterUs, event: {order, kind: 'cancel-reject'}}];
  if (roll < 0.085) return [{afterUs, event: {order, kind: 'canceled'}}, {afterUs: afterUs + 900, event: {order, kind: 'late-fill'}}];
  return [{afterUs, event: {order, kind: 'canceled'}}];
};

export const venueAfterReplace = (order: ModelOrder, random: SeededRandom): Scheduled[] => {
  const afterUs = 300 + Math.round(random.exponential(500));
  return [{afterUs, event: {order, kind: random.chance(0.9) ? 'replaced' : 'cancel-reject'}}];
};
