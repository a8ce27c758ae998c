import {chmodSync, mkdirSync} from 'node:fs';
import {dirname} from 'node:path';
import {TandemError} from '@tandem/contract';
import {startWireTap, ZmtpError, type WireEvent, type WireMode, type WireTap} from '@tandem/zmtp';
import {IpcFront} from './ipc-front.ts';
import type {RingWriter} from './observation-ring.ts';
import {whoListens} from './who-listens.ts';
import {WireRecorder} from './wire-recorder.ts';
import type {ClosedConnection, WireEnd, WireInput} from './wire-settings.ts';

const CLOSED_MAX = 100;
const STEPS_MAX = 20;

export interface TappedOptions {
  readonly ring: RingWriter;
  /** numbers of its two streams in the ring */
  readonly streams: {readonly input: number; readonly replies: number};
  readonly mode: WireMode;
  readonly onNotice: (line: string) => void;
}

/** One input with the tap that stands before it, and the name that leads peers there. */
export class TappedInput {
  readonly input: WireInput;
  readonly recorder: WireRecorder;
  readonly front: IpcFront | null;
  readonly #tap: WireTap;
  readonly #steps: string[];
  readonly #closed: ClosedConnection[];

  private constructor(parts: {input: WireInput; recorder: WireRecorder; front: IpcFront | null; tap: WireTap; steps: string[]; closed: ClosedConnection[]}) {
    this.input = parts.input;
    this.recorder = parts.recorder;
    this.front = parts.front;
    this.#tap = parts.tap;
    this.#steps = parts.steps;
    this.#closed = parts.closed;
  }

  /** @throws TandemError when its place is taken or no place for it */
  static async start(input: WireInput, {ring, streams, mode, onNotice}: TappedOptions): Promise<TappedInput> {
    const front = frontOf(input);
    front?.assertFree();
    const steps: string[] = [], closed: ClosedConnection[] = [];
    const recorder = new WireRecorder({ring, pattern: input.pattern, streams, onEvent: (event) => {
      if (event.kind === 'closed') {
        closed.push(closedOf(event));
        if (closed.length > CLOSED_MAX) closed.shift();
      }
      const line = noticeOf(event);
      if (event.kind === 'mode' && steps.length < STEPS_MAX) steps.push(`${event.mode}: ${event.reason}`);
      if (line !== null) onNotice(`${input.stream}: ${line}`);
    }});
    const listen = front === null ? input.listen : `ipc://${front.tapPath}`;
    if (front !== null) mkdirSync(dirname(front.path), {recursive: true, mode: 0o700});
    const tap = await startWireTap({listen, upstream: input.endpoint, sink: recorder, mode}).catch((error: unknown) => { throw refusal(input, listen, error); });
    if (front !== null) {
      chmodSync(front.tapPath, 0o600);
      front.point(front.tapPath);
    }
    return new TappedInput({input, recorder, front, tap, steps, closed});
  }

  /** where live peers connect */
  get endpoint(): string {
    return this.front === null ? this.#tap.endpoint : `ipc://${this.front.path}`;
  }

  get mode(): WireMode {
    return this.#tap.mode;
  }

  get openConnections(): number {
    return this.#tap.counts.open;
  }

  get passedBytes(): number {
    const {up, down} = this.#tap.counts;
    return up.bytes + down.bytes;
  }

  step(mode: WireMode, reason: string): void {
    this.#tap.setMode(mode, reason);
  }

  end(): WireEnd {
    const {opened, open, upstreamAbsent, up, down} = this.#tap.counts;
    return {stream: this.input.stream, listen: this.endpoint, upstream: this.input.endpoint, mode: this.mode, steps: [...this.#steps], opened, open, upstreamAbsent, up, down,
      seen: this.recorder.counts(), closed: [...this.#closed]};
  }

  /** No message is kept any more; those that were forwarded and not kept until now are stated. False: there is no room for that yet. */
  finish(tMonoNs: number): boolean {
    const {up, down} = this.#tap.counts;
    return this.recorder.finish({up, down}, tMonoNs);
  }

  /** Whoever connects from now on meets the real endpoint. Only over ipc. */
  leaveFront(): void {
    if (this.front === null) return;
    this.front.point(this.input.endpoint.slice('ipc://'.length));
    this.#tap.stopListening();
  }

  async close(graceMs: number): Promise<void> {
    await this.#tap.close(graceMs);
  }
}

/** The link that stands for a tapped ipc endpoint; null over tcp, and where the real endpoint is no file to point to. */
export const frontOf = ({listen, endpoint}: WireInput): IpcFront | null => (listen.startsWith('ipc://') && endpoint.startsWith('ipc://') ? new IpcFront(listen.slice('ipc://'.length)) : null);

const closedOf = ({connection, how, up, down}: Extract<WireEvent, {kind: 'closed'}>): ClosedConnection => ({
  connection, how, takenBytes: up.bytes + down.bytes, passedBytes: up.bytes + down.bytes - up.unsentBytes - down.unsentBytes,
  readBytes: up.bytes + down.bytes - up.splicedBytes - down.splicedBytes - up.opaqueBytes - down.opaqueBytes, messages: up.messages + down.messages,
});

const OPAQUE: Readonly<Record<string, string>> = {
  zmtp1: 'a peer speaks ZMTP 1', zmtp2: 'a peer speaks ZMTP 2 (libzmq before 4)', curve: 'the traffic is encrypted (CURVE)', mechanism: 'the peers use a mechanism that is not known', 'illegal-pair': 'the two sockets do not fit',
};

/** What a person should hear at once. */
const noticeOf = (event: WireEvent): string | null => {
  switch (event.kind) {
    case 'opaque': return `${OPAQUE[event.reason] ?? event.reason}; it is forwarded, its messages are not recorded`;
    case 'desync': return `a connection cannot be read any further (${event.seen}); it is forwarded`;
    case 'refused': return `a handshake was refused: ${event.reason}`;
    case 'mode': return `the tap steps aside to "${event.mode}": ${event.reason}; live traffic goes on`;
    case 'closed': return event.how === 'upstream-absent' ? 'a peer came and was turned away: the real endpoint does not answer; it tries again by itself' : null;
    default: return null;
  }
};

/** `place`: where the tap itself would listen, for an ipc front another path than the one that peers know. */
const refusal = ({stream, listen}: WireInput, place: string, error: unknown): unknown => {
  if (!(error instanceof ZmtpError)) return error;
  if (error.code !== 'in-use') {
    return new TandemError({id: 'TDM-E287', kind: 'usage', what: 'The tap cannot listen there.', where: listen, seen: `input "${stream}": ${error.message}`, likely: 'the address belongs to no local network of this machine',
      fix: 'listen on tcp://127.0.0.1:<port> or ipc:///<path>'}, {cause: error});
  }
  const {pid, isTap} = whoListens(place) ?? {pid: null, isTap: false};
  return new TandemError({
    id: 'TDM-E286', kind: 'environment', what: 'The place where the tap is to listen is in use.', where: listen,
    seen: `input "${stream}": another process${pid === null ? '' : ` (pid ${pid})`} listens there`, likely: isTap ? 'a tap that was left behind; live traffic may still pass through it' : 'the live system itself, or another tap',
    fix: isTap ? `end it with "kill ${pid}" (it passes on what it has taken, and peers connect anew), or give --listen another place and let live peers connect there`
      : 'end that process, or give --listen another place and let live peers connect there',
  }, {cause: error});
};
