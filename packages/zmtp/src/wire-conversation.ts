import {readProperty} from './command.ts';
import {isIllegalPair} from './socket-type.ts';
import type {OpaqueReason, WireEnd} from './wire-events.ts';
import {SPLICE, type WireLadder} from './wire-ladder.ts';
import type {WireDirection} from './wire-message.ts';

/** What a greeting said. */
export interface Greeted {
  readonly mechanism: string;
  readonly minor: number;
}

/** Numbers the connections of each identity. */
export interface Epochs {
  next(identity: string): number;
}

type State = 'greeting' | 'open' | 'refused' | 'opaque' | 'lost';

/** What both directions of one connection know together: who speaks, whether they agreed, and whether it can be read. */
export class WireConversation {
  readonly id: number;
  readonly #ladder: WireLadder;
  readonly #epochs: Epochs;
  readonly #greeted: {up: Greeted | null; down: Greeted | null} = {up: null, down: null};
  readonly #ends: {up: WireEnd | null; down: WireEnd | null} = {up: null, down: null};
  /** told when the handshake is done: what came too early can be read now */
  onOpen: () => void = () => undefined;
  state: State = 'greeting';
  epoch = 0;
  isEncrypted = false;
  tMonoNs = 0;

  constructor(id: number, ladder: WireLadder, epochs: Epochs) {
    this.id = id;
    this.#ladder = ladder;
    this.#epochs = epochs;
  }

  /** Its messages are those of a subscriber: a first octet of 0 or 1 cancels or subscribes. */
  isSubscriber(direction: WireDirection): boolean {
    const type = this.#ends[direction]?.socketType;
    return type === 'SUB' || type === 'XSUB';
  }

  greeted(direction: WireDirection, greeted: Greeted): void {
    this.#greeted[direction] = greeted;
    const {mechanism} = greeted;
    if (mechanism === 'NULL' || mechanism === 'PLAIN' || this.isEncrypted) return;
    this.isEncrypted = true;
    this.#tell({kind: 'opaque', direction, reason: mechanism === 'CURVE' ? 'curve' : 'mechanism'});
  }

  /** READY of either end, or INITIATE of a PLAIN client: what they say about themselves. */
  described(direction: WireDirection, command: string, data: Uint8Array): void {
    if (this.state !== 'greeting') return;
    const minor = this.#greeted[direction]?.minor ?? 0;
    const isSecret = this.isEncrypted;
    this.#ends[direction] = {
      socketType: isSecret ? null : readProperty(data, 'Socket-Type'), identity: isSecret ? '' : readProperty(data, 'Identity') ?? '', minor,
    };
    // the client's INITIATE is accepted by the server's READY
    const {up, down} = this.#ends;
    if (up === null || down === null || command !== 'READY') return;
    if (up.socketType !== null && down.socketType !== null && isIllegalPair(up.socketType, down.socketType)) {
      this.closeEyes('opaque', direction, 'illegal-pair');
      return;
    }
    this.state = 'open';
    this.epoch = this.#epochs.next(up.identity);
    this.#tell({kind: 'handshake', epoch: this.epoch, mechanism: this.#greeted.up?.mechanism ?? '', up, down});
    this.onOpen();
  }

  /** ERROR; `data` is a length and the reason, or what a peer believes to be that. */
  refused(direction: WireDirection, data: Uint8Array): void {
    if (this.state === 'greeting') this.state = 'refused';
    const length = Math.min(data[0] ?? 0, data.length - 1);
    this.#tell({kind: 'refused', direction, reason: Buffer.from(data.subarray(1, 1 + Math.max(0, length))).toString('latin1')});
  }

  subscribed(direction: WireDirection, isCancel: boolean, topic: Uint8Array): void {
    this.#tell({kind: 'subscription', epoch: this.epoch, direction, isCancel, topic: Uint8Array.from(topic)});
  }

  /** Nothing more can be read, either way. */
  closeEyes(state: 'opaque' | 'lost', direction: WireDirection, seen: string): void {
    if (this.state === 'opaque' || this.state === 'lost') return;
    this.state = state;
    if (state === 'opaque') this.#tell({kind: 'opaque', direction, reason: seen as OpaqueReason});
    else this.#tell({kind: 'desync', direction, seen});
  }

  #tell(event: Unnumbered): void {
    if (this.#ladder.level === SPLICE) return;
    this.#ladder.tell({...event, connection: this.id, tMonoNs: this.tMonoNs});
  }
}

type OfConnection = Exclude<Parameters<WireLadder['tell']>[0], {kind: 'mode'}>;
type Unnumbered = OfConnection extends infer Event ? (Event extends OfConnection ? Omit<Event, 'connection' | 'tMonoNs'> : never) : never;
