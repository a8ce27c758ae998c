import {between} from './seeded.ts';
import type {Chance} from './seeded.ts';

/** One output, as an object whose keys stand in the wire's order. */
export type Out = Record<string, unknown>;

/** Deliberate mistakes of the model, each of a kind that a port makes. */
export interface Quirks {
  readonly halfUp?: boolean;
  readonly looseCollar?: boolean;
  readonly minQtyExclusive?: boolean;
  readonly notionalBeforeQty?: boolean;
  readonly staleAfterReplace?: boolean;
  readonly doubleAverage?: boolean;
  readonly forgetsPositions?: boolean;
  readonly acceptsDuplicates?: boolean;
  readonly rejectsLateCancel?: boolean;
  readonly sharedPosition?: boolean;
}

interface Order {
  readonly account: string;
  readonly clOrdId: string;
  readonly orderId: string;
  readonly side: '1' | '2';
  qty: number;
  price: number;
  cum: number;
  notional: number;
  ended: boolean;
}

const REASON_CODES: Readonly<Record<string, number>> = {QTY_MIN: 13, QTY_MAX: 3, NOTIONAL_MAX: 3, COLLAR: 16, POSITION: 3, DUP_CLORDID: 6};
const MID_TICKS = 2_700_000;
const COLLAR_TICKS = 5000;
const ACCOUNTS = 8;

/** A little order path: prices in ticks of 0.01, quantities in lots of 0.001, outputs in the words and the order of the real one. */
export class OrderModel {
  readonly #quirks: Quirks;
  readonly #orders = new Map<string, Order>();
  readonly #used = new Set<string>();
  readonly #positions = new Map<string, number>();
  #lastSeq = 0;

  constructor(quirks: Quirks = {}) {
    this.#quirks = quirks;
  }

  handle(input: string): readonly Out[] {
    let message: Record<string, unknown>;
    try {
      message = JSON.parse(input) as Record<string, unknown>;
    } catch {
      return [{msgType: '3', refSeqNum: this.#lastSeq, account: '', refMsgType: null, text: 'SCHEMA_JSON'}];
    }
    this.#lastSeq = message['msgSeqNum'] as number;
    switch (message['msgType']) {
      case 'D': return this.#create(message);
      case 'G': return this.#replace(message);
      case 'F': return this.#cancel(message);
      case '8': return this.#report(message);
      default: return [];
    }
  }

  #create(message: Record<string, unknown>): readonly Out[] {
    const [account, clOrdId] = [message['account'] as string, message['clOrdId'] as string];
    const order: Order = {
      account, clOrdId, orderId: `O${String(this.#lastSeq)}`, side: message['side'] as '1' | '2',
      qty: Math.round(Number(message['orderQty']) * 1000), price: Math.round(Number(message['price']) * 100), cum: 0, notional: 0, ended: false,
    };
    const reason = this.#check(order);
    if (reason !== null) {
      return [this.#execution(order, {n: 0, execType: '8', ordStatus: '8', orderId: null, leavesQty: '0', cumQty: '0', avgPx: '0', text: reason, ordRejReason: REASON_CODES[reason] ?? 99, message})];
    }
    this.#used.add(`${account} ${clOrdId}`);
    this.#orders.set(order.orderId, order);
    const venue = {msgType: 'D', refSeqNum: this.#lastSeq, account, orderId: order.orderId, symbol: 'BTCUSDT', side: order.side, ordType: '2', orderQty: lots(order.qty), price: ticks(order.price), stopPx: null, tif: '1', expireTime: null};
    return [venue, this.#execution(order, {n: 1, execType: 'A', ordStatus: 'A', message})];
  }

  #check(order: Order): string | null {
    const quirks = this.#quirks;
    if (this.#used.has(`${order.account} ${order.clOrdId}`) && quirks.acceptsDuplicates !== true) return 'DUP_CLORDID';
    const checks: (readonly [string, boolean])[] = [
      ['QTY_MIN', quirks.minQtyExclusive === true ? order.qty <= 10 : order.qty < 10],
      ['QTY_MAX', order.qty > 5000],
      ['NOTIONAL_MAX', order.qty * order.price > 5000 * MID_TICKS],
      ['COLLAR', Math.abs(order.price - MID_TICKS) > COLLAR_TICKS + (quirks.looseCollar === true ? 1 : 0)],
      ['POSITION', Math.abs(this.#position(order.account) + (order.side === '1' ? order.qty : -order.qty)) > 400],
    ];
    if (quirks.notionalBeforeQty === true) checks.splice(1, 2, checks[2] as readonly [string, boolean], checks[1] as readonly [string, boolean]);
    return checks.find(([, failed]) => failed)?.[0] ?? null;
  }

  #replace(message: Record<string, unknown>): readonly Out[] {
    const order = this.#orders.get(message['orderId'] as string);
    if (order === undefined || order.ended) return [this.#cancelReject(message, order, '2')];
    if (this.#quirks.staleAfterReplace !== true) order.qty = Math.max(order.cum, Math.round(Number(message['orderQty']) * 1000));
    order.price = Math.round(Number(message['price']) * 100);
    const venue = {msgType: 'G', refSeqNum: this.#lastSeq, account: order.account, orderId: order.orderId, symbol: 'BTCUSDT', orderQty: lots(Math.round(Number(message['orderQty']) * 1000)), price: ticks(order.price)};
    return [venue, this.#execution(order, {n: 1, execType: 'E', ordStatus: 'E', origClOrdId: order.clOrdId, message})];
  }

  #cancel(message: Record<string, unknown>): readonly Out[] {
    const order = this.#orders.get(message['orderId'] as string);
    const partial = order !== undefined && this.#quirks.rejectsLateCancel === true && order.cum > 0;
    if (order === undefined || order.ended || partial) return [this.#cancelReject(message, order, '1')];
    order.ended = true;
    const venue = {msgType: 'F', refSeqNum: this.#lastSeq, account: order.account, orderId: order.orderId, symbol: 'BTCUSDT'};
    return [venue, this.#execution(order, {n: 1, execType: '6', ordStatus: '6', origClOrdId: order.clOrdId, message})];
  }

  #cancelReject(message: Record<string, unknown>, order: Order | undefined, to: '1' | '2'): Out {
    const text = order === undefined ? 'UNKNOWN_ORDER' : 'TOO_LATE';
    return {msgType: '9', refSeqNum: this.#lastSeq, account: order?.account ?? (message['account'] as string), symbol: 'BTCUSDT', clOrdId: message['clOrdId'], origClOrdId: null, orderId: order?.orderId ?? null,
      ordStatus: order === undefined ? '8' : '2', cxlRejResponseTo: to, cxlRejReason: order === undefined ? 1 : 0, text, transactTime: message['transactTime']};
  }

  #report(message: Record<string, unknown>): readonly Out[] {
    const order = this.#orders.get(message['orderId'] as string);
    if (order === undefined) return [{msgType: 'j', refSeqNum: this.#lastSeq, account: '', refMsgType: '8', text: 'UNKNOWN_ORDER'}];
    const [qty, price] = [Math.round(Number(message['lastQty']) * 1000), Math.round(Number(message['lastPx']) * 100)];
    order.cum += qty;
    order.notional += qty * price;
    order.ended ||= order.cum >= order.qty;
    const who = this.#quirks.sharedPosition === true ? 'ACC00' : order.account;
    if (this.#quirks.forgetsPositions !== true) this.#positions.set(who, this.#position(who) + (order.side === '1' ? qty : -qty));
    return [this.#execution(order, {n: 0, execType: 'F', ordStatus: order.ended ? '2' : '1', lastQty: lots(qty), lastPx: ticks(price), message})];
  }

  #execution(order: Order, what: {n: number; execType: string; ordStatus: string; message: Record<string, unknown>} & Out): Out {
    const {n, message, execType, ordStatus, ...rest} = what;
    return {
      msgType: '8', refSeqNum: this.#lastSeq, account: order.account, symbol: 'BTCUSDT', clOrdId: order.clOrdId, origClOrdId: null, orderId: order.orderId,
      execId: `E${String(this.#lastSeq)}.${String(n)}`, execType, ordStatus, side: order.side, ordType: '2', orderQty: lots(order.qty), price: ticks(order.price),
      lastQty: null, lastPx: null, cumQty: lots(order.cum), leavesQty: lots(Math.max(0, order.qty - order.cum)), avgPx: this.#average(order),
      ordRejReason: null, text: null, transactTime: message['transactTime'], ...rest,
    };
  }

  /** Four decimals more than a price, half to even, from the exact quotient. */
  #average(order: Order): string {
    if (order.cum === 0) return '0.000000';
    if (this.#quirks.doubleAverage === true) return String(order.notional / order.cum / 100);
    const [dividend, divisor] = [BigInt(order.notional) * 10_000n, BigInt(order.cum)];
    let quotient = dividend / divisor;
    const twice = (dividend % divisor) * 2n;
    if (twice > divisor || (twice === divisor && (this.#quirks.halfUp === true || quotient % 2n === 1n))) quotient += 1n;
    return fixed(quotient, 6);
  }

  #position(account: string): number {
    return this.#positions.get(this.#quirks.sharedPosition === true ? 'ACC00' : account) ?? 0;
  }
}

/** Inputs that exercise the model: orders (some refused), replaces, cancels, fills, market data, spoilt messages. */
export function orderInputs(chance: Chance, count: number): string[] {
  const inputs: string[] = [];
  const orders: {readonly id: string; readonly account: string}[] = [];
  for (let seq = 1; seq <= count; seq += 1) {
    const head = {msgSeqNum: seq, transactTime: 1_704_067_200_000_000 + seq * 137};
    const order = orders[Math.max(0, orders.length - between(chance, 1, 40))];
    const kind = chance();
    if (kind < 0.05) inputs.push(JSON.stringify({msgType: 'W', ...head, symbol: 'BTCUSDT', bidPx: '26999.99', askPx: '27000.01'}));
    else if (kind < 0.06) inputs.push('{"msgType":"D","msgSeqNum":');
    else if (kind < 0.35 && order !== undefined) {
      inputs.push(JSON.stringify({msgType: '8', ...head, orderId: chance() < 0.02 ? 'O0' : order.id, execId: `X${String(seq)}`, execType: 'F', lastQty: lots(chance() < 0.5 ? 1 : 31), lastPx: ticks(MID_TICKS + between(chance, -300, 300))}));
    } else if (kind < 0.45 && order !== undefined) {
      inputs.push(JSON.stringify({msgType: 'F', ...head, account: order.account, symbol: 'BTCUSDT', clOrdId: `x${String(seq)}`, orderId: chance() < 0.05 ? 'O0' : order.id}));
    } else if (kind < 0.55 && order !== undefined) {
      inputs.push(JSON.stringify({msgType: 'G', ...head, account: order.account, symbol: 'BTCUSDT', clOrdId: `r${String(seq)}`, orderId: order.id, orderQty: lots(between(chance, 20, 900)), price: ticks(MID_TICKS + between(chance, -900, 900))}));
    } else {
      const account = `ACC0${String(between(chance, 0, ACCOUNTS - 1))}`;
      const clOrdId = chance() < 0.02 && seq > 10 ? 'c1' : `c${String(seq)}`;
      const edge = chance();
      const price = edge < 0.03 ? MID_TICKS + COLLAR_TICKS + 1 : edge < 0.05 ? MID_TICKS + 9000 : MID_TICKS + between(chance, -800, 800);
      const qty = edge > 0.97 ? 10 : edge > 0.95 ? 9 : edge > 0.93 ? 6000 : between(chance, 20, 900);
      inputs.push(JSON.stringify({msgType: 'D', ...head, account, symbol: 'BTCUSDT', clOrdId, side: chance() < 0.5 ? '1' : '2', ordType: '2', orderQty: lots(qty), price: ticks(price), tif: '1'}));
      orders.push({id: `O${String(seq)}`, account});
    }
  }
  return inputs;
}

function ticks(value: number): string {
  return fixed(BigInt(value), 2);
}

function lots(value: number): string {
  return fixed(BigInt(value), 3);
}

function fixed(units: bigint, decimals: number): string {
  const text = units.toString().padStart(decimals + 1, '0');
  return `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
}
