import {bindPull, bindPush, connectPull, connectPush, connectSub, ZmtpError, type LinkLimits, type PullSocket, type PushSocket, type ReceiveOptions} from '@tandem/zmtp';
import {endpointError} from './gateway-endpoint.ts';
import type {Gateway, GatewayCounts, GatewayEndpoints, GatewayPath} from './gateway-port.ts';

/** for peers to take what was sent; shorter when they did not take it all the time before */
const LINGER_MS = 1000;
const LINGER_LATE_MS = 250;
/** how long nothing must come before a stopping gateway believes that all has come */
const IDLE_MS = 100;
/** a peer that never stops sending may not keep the gateway from stopping */
const DRAIN_MS_MAX = 2000;
const ROOM_MS = 250;
/** a longer message goes out from where it lies */
const COPIED_BYTES_MAX = 32 * 1024;

const limitsOf = ({exitOnStdinEof}: GatewayEndpoints): Partial<LinkLimits> => (exitOnStdinEof === true ? {heartbeatMs: 0} : {});

const openInput = async (endpoints: GatewayEndpoints, receive: ReceiveOptions): Promise<PullSocket> => {
  const {in: endpoint, inPattern, inConnect} = endpoints;
  const options = {endpoint, limits: limitsOf(endpoints), ...receive};
  if (inPattern === 'sub') return connectSub({...options, topics: ['']});
  return inConnect ? connectPull(options) : bindPull(options);
};

/**
 * Input and output on our own ZMTP: a chunk of octets comes in, each message in it is decided in place, the outputs are gathered and written once
 * at the chunk's end. No promise, no copy in, no second thread.
 */
export class FastGateway implements Gateway {
  private readonly input: PullSocket;
  private readonly output: PushSocket;
  private readonly ended: PromiseWithResolvers<void> = Promise.withResolvers();
  private path: GatewayPath | null = null;
  /** outputs that even the output's queue had no room for: those of one input at most */
  private overflow: Uint8Array[] = [];
  private isInChunk = false;
  private isWaiting = false;
  private isClosing = false;
  private stopAtMs = 0;
  private wakes = 0;
  private backPressure = 0;
  private abandoned = 0;

  private constructor(input: PullSocket, output: PushSocket) {
    this.input = input;
    this.output = output;
  }

  /**
   * Opens both ends, output first.
   * @throws TandemError TDM-E402 when an endpoint is taken
   */
  static async open(endpoints: GatewayEndpoints): Promise<FastGateway> {
    let gateway: FastGateway | null = null;
    let output: PushSocket | null = null;
    try {
      const sending = {endpoint: endpoints.out, limits: limitsOf(endpoints), flushEachTurn: false};
      output = endpoints.outConnect ? connectPush(sending) : await bindPush(sending);
      const input = await openInput(endpoints, {
        onMessage: (payload, frames) => gateway?.take(payload, frames),
        onChunkEnd: () => gateway?.chunkEnds(),
      });
      // nothing comes before `run`
      input.pause();
      gateway = new FastGateway(input, output);
      return gateway;
    } catch (error) {
      await output?.close();
      if (error instanceof ZmtpError) throw endpointError(error.endpoint, error.message, 'choose a free port or path, or end the process that holds it');
      throw error;
    }
  }

  get counts(): GatewayCounts {
    const {wakes, backPressure} = this;
    const {sent, queuedMax, abandoned, goneUnsettled, lostBytes} = this.output.counts;
    const {refused, faulty, silent} = this.input.counts;
    return {
      transport: 'fast', received: this.input.received, wakes, sent, backPressure, resent: 0, queuedMax: queuedMax + this.overflow.length,
      abandoned: abandoned + this.abandoned, peers: {refused, faulty, silent, goneUnsettled, lostBytes},
    };
  }

  get isBlocked(): boolean {
    return this.output.isBlocked;
  }

  send(octets: Uint8Array): boolean {
    const isTaken = this.overflow.length === 0 && this.output.send(octets);
    if (!isTaken) this.overflow.push(octets);
    if (!this.isInChunk) this.output.flush();
    // what does not wait in a queue has been written into the peer's own buffer, unless it is too long for one
    return isTaken && !this.output.isBlocked && octets.length <= COPIED_BYTES_MAX;
  }

  stop(): void {
    if (this.stopAtMs !== 0) return;
    this.stopAtMs = performance.now() + DRAIN_MS_MAX;
    this.endWhenIdle(-1);
  }

  run(path: GatewayPath): Promise<void> {
    this.path = path;
    this.input.resume();
    return this.ended.promise;
  }

  private take(payload: Uint8Array, frames: readonly Uint8Array[] | null): void {
    this.isInChunk = true;
    try {
      if (frames === null) this.path!.accept(payload);
      else for (const part of frames) this.path!.accept(part);
    } catch (error) {
      this.fail(error);
    }
    if (this.output.isBlocked || this.overflow.length > 0) this.holdBack();
  }

  private chunkEnds(): void {
    if (this.path === null) return;
    this.wakes++;
    this.path.flush();
    this.isInChunk = false;
    this.output.flush();
  }

  /** Nobody takes what we have: no more input until somebody does. */
  private holdBack(): void {
    this.input.pause();
    if (this.isWaiting) return;
    this.isWaiting = true;
    this.backPressure++;
    void this.waitForRoom().catch((error: unknown) => { this.fail(error); });
  }

  private async waitForRoom(): Promise<void> {
    while (!this.isClosing) {
      if (!await this.output.whenRoom(ROOM_MS)) continue;
      let taken = 0;
      while (taken < this.overflow.length && this.output.send(this.overflow[taken]!)) taken++;
      this.overflow.splice(0, taken);
      this.output.flush();
      if (this.overflow.length === 0 && !this.output.isBlocked) break;
    }
    this.isWaiting = false;
    if (!this.isClosing) this.input.resume();
  }

  /** @param receivedBefore messages when it was last asked */
  private endWhenIdle(receivedBefore: number): void {
    const {received} = this.input;
    const isIdle = received === receivedBefore && !this.isWaiting;
    if (isIdle || performance.now() > this.stopAtMs) {
      this.close(isIdle ? LINGER_MS : LINGER_LATE_MS).then(this.ended.resolve, this.ended.reject);
      return;
    }
    setTimeout(() => { this.endWhenIdle(received); }, IDLE_MS);
  }

  private async close(lingerMs: number): Promise<void> {
    if (this.isClosing) return;
    this.isClosing = true;
    this.input.close();
    this.abandoned += this.overflow.length;
    this.overflow = [];
    await this.output.close(lingerMs);
  }

  private fail(error: unknown): void {
    this.input.pause();
    this.close(LINGER_LATE_MS).then(() => { this.ended.reject(error); }, this.ended.reject);
  }
}
