import type {Owner} from '@tandem/contract';
import {openRouter} from '../endpoint/open-socket.ts';
import {receiveBurst} from '../endpoint/receive-burst.ts';
import {createSender} from '../endpoint/sender.ts';
import type {GateView} from '../flow/ownership-control.ts';
import {OWNERS} from '../flow/ownership-output.ts';
import type {GateState} from './gate-core-state.ts';
import {settledPosition, type GateEvent} from './gate-core.ts';
import {payloadHash} from './journal-digest.ts';
import {decodeRelayFrame, encodeJsonFrame, RELAY_FRAME_BYTES_MAX, type GateToRelay, type RelayToGate} from './relay-wire.ts';

const RESYNC_EVERY_MS = 20;
/** a sender that is slow to hear the answer greets again meanwhile */
const WELCOME_EVERY_MS = 250;

export interface RelayPortEvents {
  /** one burst of frames; `apply` turns them into events, in order */
  readonly onBurst: (apply: (step: (event: GateEvent) => void) => void) => void;
  /** nothing is read any more */
  readonly onFault: (error: unknown) => void;
}

/** The gate's end of the relay: frames become events of the core. */
export interface RelayPort {
  /** asks for the lane's stream from its beginning of what is not settled; at most once in a short while */
  resync(lane: Owner): void;
  /** says up to where the sender may forget, if that moved */
  tellSettled(state: GateState): void;
  tellView(view: GateView): void;
  close(): Promise<void>;
}

export async function openRelayPort(address: string, session: number, events: RelayPortEvents): Promise<RelayPort> {
  const endpoint = await openRouter({bind: address, limits: {maxMessageBytes: RELAY_FRAME_BYTES_MAX, lingerMs: 200}});
  const sender = createSender(endpoint);
  let peer: Buffer | null = null;
  const told = {legacy: -1, candidate: -1};
  const askedAtMs = {legacy: -Infinity, candidate: -Infinity};
  /** greetings gather while a gate is away: only the first one begins the streams */
  const begun = {legacy: false, candidate: false};
  const send = (word: GateToRelay): void => {
    if (peer !== null) sender.offer([peer, encodeJsonFrame(word)]);
  };
  /** Once in a short while: two greetings on the way, as of a slow start, would have everything sent twice. */
  const mayAsk = (lane: Owner, everyMs: number): boolean => {
    const nowMs = performance.now(), may = nowMs - askedAtMs[lane] >= everyMs;
    if (may) askedAtMs[lane] = nowMs;
    return may;
  };
  const apply = (frame: RelayToGate, step: (event: GateEvent) => void): void => {
    if (frame.kind === 'hello') return send({kind: 'welcome', session, lanes: OWNERS.filter((lane) => !begun[lane] && mayAsk(lane, WELCOME_EVERY_MS))});
    if (frame.kind === 'start') {
      told[frame.start.lane] = -1;
      begun[frame.start.lane] = true;
      return step(frame);
    }
    const {lane, items} = frame;
    for (const item of items) step(item.kind === 'output' ? {...item, hash: payloadHash(item.payload)} : item);
    step({kind: 'progress', lane, seq: frame.fedSeq, sentBefore: frame.sentBefore});
  };
  receiveBurst(endpoint, ({messages}) => events.onBurst((step) => {
    for (const [identity, body] of messages) {
      const frame = body === undefined ? null : decodeRelayFrame(body);
      if (identity === undefined || frame === null) continue;
      peer = Buffer.from(identity);
      // Known before the items: no effect may answer an input that was not fed.
      if (frame.kind === 'batch') step({kind: 'progress', lane: frame.lane, seq: frame.fedSeq, sentBefore: frame.firstPos});
      apply(frame, step);
    }
  })).done.catch(events.onFault);
  return {
    resync(lane) {
      if (!mayAsk(lane, RESYNC_EVERY_MS)) return;
      begun[lane] = false;
      send({kind: 'welcome', session, lanes: [lane]});
    },
    tellSettled(state) {
      const now = {
        legacy: state.lanes.legacy.started ? settledPosition(state, 'legacy') : -1,
        candidate: state.lanes.candidate.started ? settledPosition(state, 'candidate') : -1,
      };
      if (now.legacy <= told.legacy && now.candidate <= told.candidate) return;
      Object.assign(told, now);
      send({kind: 'settled', session, ...now});
    },
    tellView: (view) => send({kind: 'view', session, view}),
    async close() {
      await sender.flush();
      sender.close();
      endpoint.close();
    },
  };
}
