import {EventHeap} from './event-heap.ts';
import type {MarketTick} from './market-excerpt.ts';
import {cancelRejectText, cancelText, marketDataText, newOrderText, replaceText, tickText, tradingStateText, venueReportText} from './order-messages.ts';
import {decimalText, type ModelInstrument, type ModelOrder} from './order-model.ts';
import {createRandom, type SeededRandom} from './seeded-random.ts';
import {oddMessage} from './odd-messages.ts';
import {venueAfterCancel, venueAfterNew, venueAfterReplace, type Scheduled, type VenueEvent} from './venue-model.ts';

export interface TrafficAccount {
  readonly account: string;
  /** indexes of the instruments that it may trade */
  readonly instruments: readonly number[];
}

export interface OrderTrafficOptions {
  readonly seed: number;
  /** stops after this many new orders */
  readonly orders: number;
  readonly accounts: readonly TrafficAccount[];
  readonly instruments: readonly ModelInstrument[];
  readonly market: readonly MarketTick[];
  /** mean distance of client messages in event time, µs */
  readonly meanGapUs: number;
  /** share of messages that are odd on purpose: malformed, unknown, repeated, over a limit */
  readonly oddShare: number;
}

const START_US = 1_723_161_254_000_000;
const TICK_US = 100_000;
const MARKET_SPEED = 4;
const OPEN_ORDERS_MAX = 20_000;

/**
 * Orders quoted around recorded market data, with the venue's answers, as one stream in event time.
 * Open loop: the venue answers what a correct gateway would let through; what a gateway refuses meets unknown-order handling.
 * Same options, same bytes.
 */
export class OrderTraffic {
  readonly #options: OrderTrafficOptions;
  readonly #random: SeededRandom;
  readonly #venue = new EventHeap<VenueEvent>();
  readonly #touch: {bidTicks: number; askTicks: number}[];
  readonly #open: ModelOrder[] = [];
  readonly #position: Float64Array;
  #seq = 0;
  #nowUs = START_US;
  #sentOrders = 0;
  #execs = 0;
  #clients = 0;
  #marketAt = 0;
  #marketLap = 0;
  #nextTickUs = START_US + TICK_US;
  #nextClientUs = START_US;
  #burst = 0;
  #burstAccount = 0;
  #pendingState: string[] = [];

  constructor(options: OrderTrafficOptions) {
    this.#options = options;
    this.#random = createRandom(options.seed);
    this.#touch = options.instruments.map(() => ({bidTicks: 0, askTicks: 0}));
    this.#position = new Float64Array(options.accounts.length * options.instruments.length);
  }

  get sentOrders(): number {
    return this.#sentOrders;
  }

  /** The next message as JSON text, or null when all orders were sent and the venue has nothing more to say. */
  next(): string | null {
    const done = this.#sentOrders >= this.#options.orders;
    if (done && this.#venue.size === 0) return null;
    const marketUs = this.#marketUs();
    const clientUs = done ? Infinity : this.#nextClientUs;
    const venueUs = this.#venueUs();
    const atUs = Math.min(marketUs, clientUs, this.#nextTickUs, venueUs);
    this.#nowUs = Math.max(this.#nowUs, atUs);
    this.#seq += 1;
    if (atUs === this.#nextTickUs) {
      this.#nextTickUs += TICK_US;
      return tickText(this.#seq, this.#nowUs);
    }
    if (atUs === marketUs) return this.#market();
    if (atUs === venueUs) return this.#venueAnswer(this.#venue.pop() as VenueEvent);
    return this.#client();
  }

  /** All messages, in batches of `size`, as bytes. */
  *batches(size: number): Generator<Buffer[]> {
    let batch: Buffer[] = [];
    for (let text = this.next(); text !== null; text = this.next()) {
      batch.push(Buffer.from(text));
      if (batch.length >= size) {
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  }

  /** Time of the venue's next answer; most fills of orders that ended meanwhile never happen. */
  #venueUs(): number {
    for (;;) {
      const next = this.#venue.peek();
      if (next?.kind !== 'fill' || !next.order.closed || this.#random.chance(0.02)) return this.#venue.nextUs;
      this.#venue.pop();
    }
  }

  #marketUs(): number {
    const market = this.#options.market;
    const lapUs = (market.at(-1) as MarketTick).offsetUs + 50_000;
    return START_US + Math.floor((this.#marketLap * lapUs + (market[this.#marketAt] as MarketTick).offsetUs) / MARKET_SPEED);
  }

  #market(): string {
    const {market, instruments} = this.#options;
    const tick = market[this.#marketAt] as MarketTick;
    this.#marketAt += 1;
    if (this.#marketAt === market.length) {
      this.#marketAt = 0;
      this.#marketLap += 1;
    }
    const index = Math.max(0, instruments.findIndex(({symbol}) => symbol === tick.symbol));
    this.#touch[index] = tick;
    return marketDataText(this.#seq, this.#nowUs, instruments[index] as ModelInstrument, tick);
  }

  #client(): string {
    const random = this.#random;
    this.#nextClientUs = this.#nowUs + (this.#burst > 0 ? 2 : Math.ceil(random.exponential(this.#options.meanGapUs)));
    const state = this.#pendingState.pop();
    if (state !== undefined) return tradingStateText(this.#seq, this.#nowUs, JSON.parse(state) as never);
    if (this.#burst > 0) this.#burst -= 1;
    else if (random.chance(0.00004)) {
      this.#burst = 300;
      this.#burstAccount = random.below(this.#options.accounts.length);
    }
    if (this.#burst === 0) {
      if (random.chance(this.#options.oddShare)) return this.#odd();
      if (random.chance(0.00005)) return this.#tradingState();
      const order = this.#anyOpen();
      const roll = random.next();
      if (order !== null && roll < 0.42) return this.#cancel(order);
      if (order !== null && order.pendingClOrdId === null && roll < 0.5) return this.#replace(order);
    }
    return this.#newOrder();
  }

  #newOrder(): string {
    const random = this.#random, {accounts, instruments} = this.#options;
    const account = this.#burst > 0 ? this.#burstAccount : random.below(accounts.length);
    const permitted = accounts[account] as TrafficAccount;
    const index = permitted.instruments[random.below(permitted.instruments.length)] as number;
    const instrument = instruments[index] as ModelInstrument;
    const touch = this.#touch[index] as {bidTicks: number; askTicks: number};
    const position = this.#position[account * instruments.length + index] as number;
    const buy = random.next() < 0.5 - Math.max(-0.45, Math.min(0.45, position / (instrument.maxLots * 10)));
    const kind = random.next();
    const ordType = kind < 0.93 ? '2' : kind < 0.97 ? '1' : '3';
    const away = random.chance(0.02) ? -random.below(40) : 50 + Math.floor(random.exponential(1500));
    const priceTicks = Math.max(1, buy ? touch.bidTicks - away : touch.askTicks + away);
    const qtyLots = random.chance(0.01) ? instrument.maxLots : instrument.minLots + Math.floor(random.exponential(instrument.minLots * 12)) % (instrument.maxLots - instrument.minLots);
    const gtd = random.chance(0.03);
    this.#clients += 1;
    const order: ModelOrder = {seq: this.#seq, account, instrument: index, clOrdId: `c${this.#clients.toString(36)}`, buy, qtyLots, priceTicks, filledLots: 0,
      pendingClOrdId: null, pendingQtyLots: 0, pendingPriceTicks: 0, closed: false};
    this.#sentOrders += 1;
    this.#schedule(venueAfterNew(order, random, ordType === '3' ? 0.05 : 0.35));
    if (this.#open.length < OPEN_ORDERS_MAX) this.#open.push(order);
    return newOrderText(this.#seq, this.#nowUs, {account: permitted.account, instrument, clOrdId: order.clOrdId, buy, ordType,
      qtyText: decimalText(qtyLots, instrument.qtyDecimals), priceText: ordType === '1' ? null : decimalText(priceTicks, instrument.priceDecimals),
      tif: gtd ? '6' : random.chance(0.1) ? '3' : '0', expireUs: gtd ? this.#nowUs + 400_000 + random.below(400_000) : null, reduceOnly: random.chance(0.004)});
  }

  #cancel(order: ModelOrder): string {
    const {accounts, instruments} = this.#options;
    this.#clients += 1;
    this.#schedule(venueAfterCancel(order, this.#random));
    return cancelText(this.#seq, this.#nowUs, {account: (accounts[order.account] as TrafficAccount).account, symbol: (instruments[order.instrument] as ModelInstrument).symbol,
      clOrdId: `x${this.#clients.toString(36)}`, origClOrdId: order.clOrdId});
  }

  #replace(order: ModelOrder): string {
    const {accounts, instruments} = this.#options;
    const instrument = instruments[order.instrument] as ModelInstrument;
    this.#clients += 1;
    order.pendingClOrdId = `r${this.#clients.toString(36)}`;
    order.pendingQtyLots = Math.max(instrument.minLots, order.qtyLots + this.#random.below(instrument.minLots * 4) - instrument.minLots * 2);
    order.pendingPriceTicks = Math.max(1, order.priceTicks + this.#random.below(200) - 100);
    this.#schedule(venueAfterReplace(order, this.#random));
    return replaceText(this.#seq, this.#nowUs, {account: (accounts[order.account] as TrafficAccount).account, symbol: instrument.symbol, clOrdId: order.pendingClOrdId, origClOrdId: order.clOrdId,
      qtyText: decimalText(order.pendingQtyLots, instrument.qtyDecimals), priceText: decimalText(order.pendingPriceTicks, instrument.priceDecimals)});
  }

  /** Halts, reduces or kills a scope, and clears it again by the two-step act. */
  #tradingState(): string {
    const random = this.#random, {accounts, instruments} = this.#options;
    const scope = (['global', 'account', 'symbol'] as const)[random.below(20) === 0 ? 0 : 1 + random.below(2)] as string;
    const target = scope === 'global' ? '' : scope === 'account' ? (accounts[random.below(accounts.length)] as TrafficAccount).account : (instruments[random.below(instruments.length)] as ModelInstrument).symbol;
    const action = (['kill', 'halt', 'reduce'] as const)[random.below(3)] as string;
    const killId = `k${this.#seq}`;
    for (const step of ['resume-confirm', 'resume-request']) this.#pendingState.push(JSON.stringify({scope, target, action: step, cancelOpen: false, killId}));
    return tradingStateText(this.#seq, this.#nowUs, {scope, target, action, cancelOpen: action !== 'reduce' && random.chance(0.5), killId});
  }

  #odd(): string {
    const {accounts, instruments} = this.#options;
    const index = this.#random.below(instruments.length);
    const instrument = instruments[index] as ModelInstrument;
    this.#clients += 1;
    return oddMessage(this.#random, {seq: this.#seq, atUs: this.#nowUs, account: (accounts[this.#random.below(accounts.length)] as TrafficAccount).account, instrument,
      touch: this.#touch[index] as {bidTicks: number; askTicks: number}, clOrdId: `o${this.#clients.toString(36)}`, knownClOrdId: this.#anyOpen()?.clOrdId ?? 'none'});
  }

  #venueAnswer({order, kind}: VenueEvent): string {
    const instrument = this.#options.instruments[order.instrument] as ModelInstrument;
    this.#execs += 1;
    const execId = `v${this.#execs.toString(36)}`;
    const report = (execType: string): string => venueReportText(this.#seq, this.#nowUs, {orderSeq: order.seq, execId, execType});
    switch (kind) {
      case 'ack': return report('0');
      case 'reject': order.closed = true; return report('8');
      case 'canceled': order.closed = true; return report('4');
      case 'expired': order.closed = true; return report('C');
      case 'cancel-reject': order.pendingClOrdId = null; return cancelRejectText(this.#seq, this.#nowUs, order, execId);
      case 'replaced':
        if (order.pendingClOrdId !== null) {
          order.clOrdId = order.pendingClOrdId;
          order.qtyLots = Math.max(order.filledLots, order.pendingQtyLots);
          order.priceTicks = order.pendingPriceTicks;
          order.pendingClOrdId = null;
        }
        return report('5');
      case 'fill': case 'late-fill': {
        const restLots = Math.max(1, order.qtyLots - order.filledLots);
        const lots = this.#random.chance(0.4) ? restLots : 1 + this.#random.below(restLots);
        order.filledLots += lots;
        if (order.filledLots >= order.qtyLots) order.closed = true;
        const at = order.account * this.#options.instruments.length + order.instrument;
        this.#position[at] = (this.#position[at] as number) + (order.buy ? lots : -lots);
        const priceTicks = Math.max(1, order.priceTicks + (this.#random.chance(0.3) ? (order.buy ? -1 : 1) * this.#random.below(5) : 0));
        return venueReportText(this.#seq, this.#nowUs, {orderSeq: order.seq, execId, execType: 'F',
          lastQty: decimalText(lots, instrument.qtyDecimals), lastPx: decimalText(priceTicks, instrument.priceDecimals)});
      }
    }
  }

  #schedule(events: readonly Scheduled[]): void {
    for (const {afterUs, event} of events) this.#venue.push(this.#nowUs + afterUs, event);
  }

  /** An order that is probably still open; closed ones met on the way are forgotten. */
  #anyOpen(): ModelOrder | null {
    const open = this.#open;
    for (let tries = 0; tries < 8 && open.length > 0; tries += 1) {
      const at = this.#random.below(open.length);
      const order = open[at] as ModelOrder;
      if (!order.closed) return order;
      open[at] = open.at(-1) as ModelOrder;
      open.pop();
    }
    return null;
  }
}
