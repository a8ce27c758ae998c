import {TandemError} from '@tandem/contract';
import {Pull, Push, Subscriber, version} from 'zeromq';
import {admission, ADMISSION_DOMAIN} from './gateway-admission.ts';
import {checkEndpoint, endpointError, probeIpc} from './gateway-endpoint.ts';
import type {Gateway, GatewayCounts, GatewayEndpoints, GatewayPath} from './gateway-port.ts';
import {SendQueue} from './gateway-zeromq-send-queue.ts';

/** What libzmq's defaults leave open to a hostile, stuck or vanished peer; times in ms, sizes in octets. */
const SAFE = {
  maxMessageSize: 1024 * 1024, handshakeInterval: 2000, heartbeatInterval: 1000, heartbeatTimeout: 3000, backlog: 100,
  zapDomain: ADMISSION_DOMAIN, zapEnforceDomain: true,
} as const;
/** messages per peer and direction */
const HIGH_WATER_MARK = 10_000;
const LINGER_MS = 1000;
const SEND_TIMEOUT_MS = 250;
/** how long an idle gateway sleeps before it looks whether it shall stop */
const IDLE_MS = 100;
/** a peer that never stops sending may not keep the gateway from stopping */
const DRAIN_MS_MAX = 2000;
const BURST_MAX = 128;
const BURST_MIN = 4;

type Input = Pull | Subscriber;

const nextTurn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
const isAgain = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EAGAIN';

const attach = async (socket: Input | Push, endpoint: string, how: {connect: boolean; insecurePlaintext: string | null}): Promise<void> => {
  checkEndpoint(endpoint, how.insecurePlaintext);
  try {
    if (how.connect) {
      socket.connect(endpoint);
      return;
    }
    await probeIpc(endpoint);
    await socket.bind(endpoint);
  } catch (error) {
    if (error instanceof TandemError) throw error;
    const seen = error instanceof Error ? error.message : String(error);
    throw endpointError(endpoint, seen, 'choose a free port or path, or end the process that holds it');
  }
};

const checkLibrary = (): void => {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  if (major * 10_000 + minor * 100 + patch >= 40_305) return;
  throw new TandemError({id: 'TDM-E404', kind: 'environment', what: 'libzmq is older than 4.3.5, which fixed remote crashes', seen: version, fix: 'reinstall the zeromq package'});
};

/** Two sockets of libzmq and the loop between them: for other hosts and patterns that the fast gateway does not speak; about four times its CPU. */
export class ZeromqGateway implements Gateway {
  private readonly input: Input;
  private readonly output: Push;
  private readonly sends: SendQueue;
  private stopAtMs = 0;
  private received = 0;
  private wakes = 0;
  private burst: number = BURST_MIN;
  private ranDry = false;
  private failure: unknown = null;

  private readonly fromAnywhere: boolean;

  private constructor(input: Input, output: Push, fromAnywhere: boolean) {
    this.fromAnywhere = fromAnywhere;
    this.input = input;
    this.output = output;
    this.sends = new SendQueue(output);
  }

  /**
   * Opens both sockets, output first.
   * @throws TandemError TDM-E402 when an endpoint is taken, TDM-E403 when it is not on this machine
   */
  static async open(endpoints: GatewayEndpoints): Promise<ZeromqGateway> {
    const {insecurePlaintext} = endpoints;
    checkLibrary();
    await admission.join(insecurePlaintext !== null);
    const safe = endpoints.exitOnStdinEof === true ? {...SAFE, heartbeatInterval: 0} : SAFE;
    const output = new Push({...safe, sendHighWaterMark: HIGH_WATER_MARK, linger: LINGER_MS, sendTimeout: SEND_TIMEOUT_MS});
    const options = {...safe, receiveHighWaterMark: HIGH_WATER_MARK, linger: 0};
    const input = endpoints.inPattern === 'sub' ? new Subscriber(options) : new Pull(options);
    try {
      await attach(output, endpoints.out, {connect: endpoints.outConnect, insecurePlaintext});
      if (input instanceof Subscriber) input.subscribe();
      await attach(input, endpoints.in, {connect: endpoints.inConnect, insecurePlaintext});
    } catch (error) {
      output.close();
      input.close();
      admission.leave(insecurePlaintext !== null);
      throw error;
    }
    return new ZeromqGateway(input, output, insecurePlaintext !== null);
  }

  get counts(): GatewayCounts {
    const {received, wakes} = this;
    return {transport: 'zeromq', received, wakes, ...this.sends.counts};
  }

  /** libzmq sends longer octets from where they lie, whenever it comes to it: never copied as far as the caller is concerned. */
  send(octets: Uint8Array): boolean {
    this.sends.send(octets);
    return false;
  }

  /** Ends `run` once everything that has arrived is answered. */
  stop(): void {
    this.stopAtMs = performance.now() + DRAIN_MS_MAX;
  }

  /** Is the output not taking anything at the moment? */
  get isBlocked(): boolean {
    return this.sends.isBusy;
  }

  private readonly isOver = (): boolean => this.stopAtMs !== 0 && performance.now() > this.stopAtMs;

  /**
   * Receives until `stop`. A wake-up takes one message and, if more wait, bursts: many receives without a system call in between, their
   * handlers run before the last is awaited. Outputs that libzmq does not take now are awaited before the next receive: back-pressure, no loss.
   */
  async run(path: GatewayPath): Promise<void> {
    const {input, sends} = this;
    const take = (parts: Buffer[]): void => {
      this.received++;
      for (const part of parts) path.accept(part);
    };
    const miss = (error: unknown): void => {
      this.ranDry = true;
      if (!isAgain(error)) this.failure = error;
    };
    for (;;) {
      input.receiveTimeout = IDLE_MS;
      const first = await input.receive().catch(miss);
      if (this.failure !== null) throw this.failure;
      if (first !== undefined) {
        this.wakes++;
        take(first);
        if (input.readable) await this.takeBursts(path, take, miss);
        path.flush();
      }
      if (sends.isBusy) await sends.settled(this.isOver);
      if (this.stopAtMs !== 0 && (first === undefined || this.isOver())) break;
    }
    this.close();
  }

  private async takeBursts(path: GatewayPath, take: (parts: Buffer[]) => void, miss: (error: unknown) => void): Promise<void> {
    const {input, sends} = this;
    input.receiveTimeout = 0;
    do {
      this.ranDry = false;
      let last: Promise<void> = Promise.resolve();
      for (let i = 0; i < this.burst; i++) last = input.receive().then(take, miss);
      await last;
      this.burst = this.ranDry ? Math.max(BURST_MIN, this.burst >> 1) : Math.min(BURST_MAX, this.burst * 2);
      path.flush();
      await sends.settled(this.isOver);
      await nextTurn();
    } while (!this.ranDry && this.failure === null && !this.isOver());
  }

  private close(): void {
    this.input.close();
    this.output.close();
    admission.leave(this.fromAnywhere);
  }
}
