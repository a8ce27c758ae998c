import {Buffer} from 'node:buffer';

/** A seeded source of chance (xorshift, 32 bit), so that a failing run is repeated by its seed. */
export class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) | 1;
  }

  /** 0 <= value < 1 */
  next(): number {
    let state = this.state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.state = state;
    return (state >>> 0) / 4_294_967_296;
  }

  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }
}

type Message = Record<string, unknown>;

const GRIDS = [
  {tickSize: '0.01', lotSize: '0.00001', level: 3_000_000}, {tickSize: '0.000001', lotSize: '0.000001', level: 700_000_000}, {tickSize: '1', lotSize: '1', level: 900},
  {tickSize: '0.05', lotSize: '0.25', level: 1700}, {tickSize: '0.0125', lotSize: '0.001', level: 64_000}, {tickSize: '3', lotSize: '7', level: 210},
  {tickSize: '0.010', lotSize: '10', level: 999_999_999}, {tickSize: '250', lotSize: '0.000125', level: 4000},
];
const decimalsOf = (text: string): number => (text.includes('.') ? text.length - text.indexOf('.') - 1 : 0);
const unitsOf = (text: string): bigint => BigInt(text.replace('.', ''));

/** units of 10^-decimals as a text, in one of the ways in which a client may write it */
export const decimalText = (units: bigint, decimals: number): string => {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
};

export interface ExtremeRulebook {
  readonly instruments: readonly {symbol: string; tickSize: string; lotSize: string; level: number; maxLots: number}[];
  readonly rulebook: Record<string, unknown>;
}

/** A rulebook at the edges: coarse and fine grids, limits next to 2^52 or next to nothing, windows of one, no retention at all. */
export const extremeRulebook = (chance: Chance): ExtremeRulebook => {
  const grids = Array.from({length: 1 + chance.below(3)}, () => chance.pick(GRIDS));
  const cash = Math.max(...grids.map(({tickSize, lotSize}) => decimalsOf(tickSize) + decimalsOf(lotSize)));
  const wide = chance.chance(0.5);
  // a limit is written with nine decimals and fifteen digits before them, at most
  const money = (share: number): string => decimalText(BigInt(Math.min(Math.floor((2 ** 52 - 1) * share / 10 ** Math.max(0, cash - 9)), 10 ** (15 + Math.min(cash, 9)) - 1)), Math.min(cash, 9));
  const instruments = grids.map((grid, i) => ({...grid, symbol: `S${i}${'x'.repeat(chance.below(35))}`, maxLots: chance.pick([50, 5000, wide ? 400_000_000 : 5000])}));
  const lots = (lotSize: string, count: number): string => decimalText(unitsOf(lotSize) * BigInt(count), decimalsOf(lotSize));
  const modes = ['none', 'cancel-newest', 'cancel-oldest', 'cancel-both', 'decrement'];
  const accounts = Array.from({length: 1 + chance.below(4)}, (_, i) => ({
    account: i === 0 ? '-' : `A${i}{[${'~'.repeat(chance.below(20))}`,
    symbols: instruments.filter(() => chance.chance(0.97)).map(({symbol}) => symbol),
    maxOpenNotional: money(chance.pick([1, 0.3, 0.001])), creditLimit: money(chance.pick([1, 1, 1, 0.5, 0.002])),
    rateCapacity: chance.pick([chance.below(2), 3, 1_000_000, 1_000_000]), ratePerSecond: chance.pick([0, 500, 1_000_000, 1_000_000]),
    cancelRateCapacity: chance.pick([1, 2, 1_000_000]), cancelRatePerSecond: chance.pick([0, 9, 1_000_000]),
    selfTrade: chance.pick(modes), deadManUs: chance.pick([0, 0, 0, 0, 1, 2_000_000]),
  }));
  const rulebook = {
    formatVersion: '1.0',
    instruments: instruments.map(({level: _, maxLots, ...instrument}) => ({
      ...instrument, minQty: lots(instrument.lotSize, chance.pick([0, 1, 4])), maxQty: lots(instrument.lotSize, maxLots),
      minNotional: chance.pick(['0', money(1e-12)]), maxNotional: money(chance.pick([1, 0.4, 0.01])), collarBps: chance.pick([0, 50, 2000, 2000, 1_000_000]),
      refMaxAgeUs: chance.pick([0, 500_000, 1e15, 1e15]), maxPosition: lots(instrument.lotSize, chance.pick([30, 4 * maxLots, 4 * maxLots])),
    })),
    accounts,
    globalRate: {capacity: chance.pick([2, 1_000_000, 1_000_000]), perSecond: chance.pick([10, 1_000_000, 1_000_000])},
    duplicateWindow: chance.pick([1, 2, 7, 64, 1000]), rejectConsumesDuplicate: chance.chance(0.5), rejectConsumesRate: chance.chance(0.5),
    ackTimeoutUs: chance.pick([0, 100_000, 5_000_000]), resumeWindowUs: chance.pick([0, 1_000_000, 1e15]), sanityNotional: money(chance.pick([1, 0.9, 0.01])),
    maxOpenPerSide: chance.pick([1, 5, 40, 40]), maxOpenOrders: chance.pick([1, 12, 200, 200]), terminalRetention: chance.pick([0, 1, 9, 300]),
  };
  return {instruments, rulebook};
};

const LETTERS = 'abcXYZ019-_.:;<=>?@^`|}~!#$%&()*+,/\'[{]';

interface KnownOrder {
  readonly seq: number;
  readonly account: string;
  readonly symbol: string;
  clOrdId: string;
  readonly price: bigint;
  readonly grid: number;
}

/**
 * Traffic for such rulebooks. It learns from the outputs which orders were accepted and plays their venue, not always a sane one: every client
 * id, order id and execution id it ever used may come back, quantities run from one lot to beyond every limit, fills exceed their orders by
 * far, and now and then an octet is broken.
 */
export class ExtremeTraffic {
  private readonly chance: Chance;
  private readonly book: ExtremeRulebook;
  private readonly accounts: readonly string[];
  private readonly orders: KnownOrder[] = [];
  private offered: KnownOrder | null = null;
  private seq = 0;
  private now = 1_700_000_000_000_000;
  private killId = 'k0';
  /** what will be resumed, most of the time, a little later */
  private readonly toResume: Message[] = [];

  constructor(chance: Chance, book: ExtremeRulebook) {
    this.chance = chance;
    this.book = book;
    this.accounts = (book.rulebook['accounts'] as {account: string}[]).map(({account}) => account);
  }

  next(): Uint8Array {
    const {chance} = this;
    this.now += chance.pick([0, 1, 7, 100, 3000, 60_000, chance.chance(0.02) ? 4_000_000 : 10]);
    if (this.toResume.length > 0 && chance.chance(0.3)) return this.write({...this.toResume.shift()!, ...this.head('q')});
    if (this.orders.length < 3 && chance.chance(0.8)) return this.write(chance.chance(0.3) ? this.market() : this.newOrder());
    const draw = chance.next();
    const message = draw < 0.45 ? this.newOrder() : draw < 0.7 ? this.venue() : draw < 0.77 ? this.replace() : draw < 0.84 ? this.cancel()
      : draw < 0.93 ? this.market() : draw < 0.975 ? this.head('0') : draw < 0.982 ? this.control() : {msgType: '1', testReqId: this.id(), stateHash: chance.pick(['0', '1'])};
    return this.write(message);
  }

  private write(message: Message): Uint8Array {
    const {chance} = this;
    const entries = Object.entries(message);
    if (chance.chance(0.2)) entries.sort(() => chance.next() - 0.5);
    if (chance.chance(0.01)) entries.splice(chance.below(entries.length), 1);
    const [colon, comma] = chance.pick([[':', ','], [':', ','], [': ', ', '], [' :', ' ,'], [':\t', ',\n']] as const);
    const octets = Buffer.from(`{${entries.map(([key, value]) => JSON.stringify(key) + colon + JSON.stringify(value)).join(comma)}}`);
    // a larger sequence would make all that follows a repeat: digits stay
    if (chance.chance(0.02)) {
      const at = chance.below(octets.length);
      if (octets[at]! < 0x30 || octets[at]! > 0x39) octets[at] = chance.pick([0, 0x22, 0x5c, 0x7b, 0x7d, 0x2c, 0x20, 0x41, 0x80, 0xc3, 0xff, 0x2d, 0x2e]);
    }
    return octets;
  }

  private head(msgType: string): Message {
    const {chance} = this;
    if (!chance.chance(0.01)) this.seq += chance.chance(0.9) ? 1 : 1 + chance.below(1000);
    const transactTime = chance.chance(0.03) ? this.now - chance.below(1_000_000) : this.now;
    return {msgType, msgSeqNum: this.seq, transactTime};
  }

  private id(): string {
    const {chance} = this;
    if (chance.chance(0.5)) return `i${chance.below(200)}`;
    return Array.from({length: 1 + chance.below(36)}, () => chance.pick([...LETTERS])).join('');
  }

  private account(): string {
    return this.chance.chance(0.02) ? this.id() : this.chance.pick(this.accounts);
  }

  private grid(): number {
    return this.chance.below(this.book.instruments.length);
  }

  private price(grid: number, around?: bigint): string {
    const {chance} = this;
    const {tickSize, level} = this.book.instruments[grid]!;
    const ticks = chance.chance(0.06) ? chance.pick([1, level * 1000, -3, 0, Math.floor(level / 2)]) : chance.pick([level, level - 1, level + 1, level + chance.below(9) - 4]);
    const units = chance.chance(0.3) && around !== undefined ? around : BigInt(ticks) * unitsOf(tickSize);
    return this.text(units, decimalsOf(tickSize));
  }

  private quantity(grid: number): string {
    const {chance} = this;
    const {lotSize, maxLots} = this.book.instruments[grid]!;
    const usual = [1, 5, 30, 49, maxLots, chance.below(maxLots), chance.below(maxLots), 1 + chance.below(Math.ceil(maxLots / 20))];
    const lots = chance.chance(0.08) ? chance.pick([0, -2, maxLots + 1, chance.below(400_000_000)]) : chance.pick(usual);
    return this.text(BigInt(lots) * unitsOf(lotSize), decimalsOf(lotSize));
  }

  /** within the nine digits on each side, mostly; sometimes with more zeros, fewer zeros, or off the grid */
  private text(units: bigint, decimals: number): string {
    const {chance} = this;
    const text = decimalText(units, decimals);
    if (chance.chance(0.05) && text.includes('.')) return text.replace(/0+$/, '').replace(/\.$/, '');
    if (chance.chance(0.05)) return text.includes('.') ? `${text}0` : `${text}.000`;
    return chance.chance(0.03) ? `${text.includes('.') ? text : `${text}.0`}${1 + chance.below(9)}` : text;
  }

  private newOrder(): Message {
    const {chance} = this;
    const grid = this.grid();
    const {symbol, tickSize} = this.book.instruments[grid]!;
    const ordType = chance.pick(['1', '2', '2', '2', '2', '3']);
    const tif = chance.pick(['0', '1', '3', '4', '6', '6']);
    const message: Message = {
      ...this.head('D'), account: this.account(), symbol: chance.chance(0.02) ? this.id() : symbol, clOrdId: this.id(), side: chance.pick(['1', '2']), ordType, orderQty: this.quantity(grid),
    };
    const price = this.price(grid);
    if (ordType === '2' || chance.chance(0.01)) message['price'] = price;
    if (ordType === '3' || chance.chance(0.01)) message['stopPx'] = this.price(grid);
    message['tif'] = tif;
    if (tif === '6' && chance.chance(0.95)) message['expireTime'] = Math.max(1, this.now + chance.pick([-5, 0, 1, 50_000, 4_000_000]));
    if (chance.chance(0.15)) message['execInst'] = 'E';
    this.offered = {seq: this.seq, account: message['account'] as string, symbol, clOrdId: message['clOrdId'] as string, price: BigInt(price.replace(/\D/g, '') || '1') || unitsOf(tickSize), grid};
    if (chance.chance(0.02)) this.remember(this.offered);
    return message;
  }

  private remember(order: KnownOrder): void {
    this.orders.push(order);
    if (this.orders.length > 400) this.orders.splice(0, 200);
  }

  /** Outputs of the last message. */
  observe(outputs: readonly string[]): void {
    if (this.offered !== null && outputs.some((output) => output.startsWith('{"msgType":"D"'))) this.remember(this.offered);
    this.offered = null;
    for (const output of outputs) {
      const silent = /"target":"([^"]*)","action":"dead-man"/.exec(output)?.[1];
      if (silent !== undefined) this.planResume({scope: 'account', target: silent, cancelOpen: '0'});
    }
  }

  private planResume(stopped: Message): void {
    for (const action of ['resume-request', 'resume-confirm']) this.toResume.push({...stopped, action, killId: this.killId});
  }

  private known(): KnownOrder {
    const {chance, orders} = this;
    if (orders.length === 0) return {seq: 1, account: this.accounts[0]!, symbol: this.book.instruments[0]!.symbol, clOrdId: 'i1', price: 1n, grid: 0};
    return orders[Math.max(0, orders.length - 1 - chance.below(chance.chance(0.8) ? 12 : orders.length))]!;
  }

  private cancel(): Message {
    const order = this.known();
    return {...this.head('F'), account: order.account, symbol: this.chance.chance(0.97) ? order.symbol : this.id(), clOrdId: this.id(), origClOrdId: order.clOrdId};
  }

  private replace(): Message {
    const order = this.known();
    const message = {...this.cancel(), msgType: 'G', orderQty: this.quantity(order.grid), price: this.price(order.grid)};
    if (this.chance.chance(0.5)) order.clOrdId = message['clOrdId' as keyof typeof message] as unknown as string;
    return message;
  }

  private venue(): Message {
    const {chance} = this;
    const order = this.known();
    const ids = {orderId: chance.chance(0.97) ? `O${order.seq}` : chance.pick([`O0${order.seq}`, 'O', 'O0', `o${order.seq}`, 'O9007199254740993', this.id()]), execId: chance.chance(0.9) ? `e${this.seq}.${chance.below(9)}` : this.id()};
    const event = chance.pick(['0', '0', '0', 'F', 'F', 'F', 'F', '4', '5', '5', '8', 'C', '9']);
    if (event === '9') return {...this.head('9'), ...ids};
    const message: Message = {...this.head('8'), ...ids, execType: event};
    if (event === 'F') {
      message['lastQty'] = this.quantity(order.grid);
      message['lastPx'] = this.price(order.grid);
      if (chance.chance(0.1)) Object.assign(message, this.giantFill(order.grid));
    }
    return message;
  }

  /** The most lots that the wire can carry, at one tick: a few of these leave the exact doubles. */
  private giantFill(grid: number): Message {
    const {tickSize, lotSize} = this.book.instruments[grid]!;
    const decimals = decimalsOf(lotSize);
    const most = 999_999_999n * 10n ** BigInt(decimals);
    return {lastQty: decimalText(most - (most % unitsOf(lotSize)), decimals), lastPx: tickSize};
  }

  private market(): Message {
    const {chance} = this;
    const grid = this.grid();
    const {symbol, tickSize, level} = this.book.instruments[grid]!;
    const head = {...this.head('W'), symbol: chance.chance(0.02) ? this.id() : symbol};
    if (chance.chance(0.1)) return {...head, bidPx: this.price(grid), askPx: this.price(grid)};
    const bid = BigInt(level - chance.below(3));
    const units = (ticks: bigint): string => this.text(ticks * unitsOf(tickSize), decimalsOf(tickSize));
    return {...head, bidPx: units(bid), askPx: units(bid + BigInt(chance.below(4)))};
  }

  private control(): Message {
    const {chance} = this;
    const scope = chance.pick(['global', 'account', 'symbol']);
    const target = chance.chance(0.1) ? chance.pick(['', this.id()]) : scope === 'global' ? '' : scope === 'account' ? this.account() : this.book.instruments[this.grid()]!.symbol;
    const action = chance.pick(['kill', 'halt', 'reduce', 'resume-request', 'resume-confirm']);
    if (chance.chance(0.3)) this.killId = `k${chance.below(5)}`;
    const message = {scope, target, action, cancelOpen: chance.pick(['0', '1']), killId: this.killId};
    this.planResume(message);
    return {...this.head('q'), ...message};
  }
}
