import {orderHarness, type OrderHarness} from './order-harness.ts';
import {smallRulebook, START_US} from './small-rulebook.ts';

type Message = Record<string, unknown>;
export type Output = Readonly<Record<string, unknown>>;

/** Plays messages with rising sequence and a clock of its own against a fresh order path, and parses what comes out. */
export class OrderPlay {
  readonly harness: OrderHarness;
  seq = 0;
  now = START_US;

  constructor(rulebook: unknown = smallRulebook()) {
    this.harness = orderHarness(rulebook);
  }

  raw(message: Message | string): Output[] {
    return this.harness.accept(message).map((text) => JSON.parse(text) as Output);
  }

  send(msgType: string, fields: Message = {}): Output[] {
    this.now += 1;
    return this.raw({msgType, msgSeqNum: ++this.seq, transactTime: this.now, ...fields});
  }

  /** Bid and ask around 100 in every symbol that the example rulebook has. */
  market(bidPx = '100.00', askPx = '100.05'): void {
    for (const symbol of ['BTC', 'ETH']) this.send('W', {symbol, bidPx, askPx});
  }

  /** A limit order that passes every check, changed by `fields`; undefined takes a field away. */
  order(fields: Message = {}): Output[] {
    const all: Message = {account: 'none', symbol: 'BTC', clOrdId: `c${this.seq + 1}`, side: '1', ordType: '2', orderQty: '1', price: '100', tif: '1', ...fields};
    return this.send('D', Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)));
  }

  /** Accepts an order and lets the venue acknowledge it. @returns its order id and client id */
  working(fields: Message = {}): {orderId: string; clOrdId: string} {
    const report = this.order(fields).at(-1)!;
    if (report['execType'] !== 'A') throw new Error(`not accepted: ${JSON.stringify(report)}`);
    const orderId = report['orderId'] as string;
    this.venue(orderId, '0');
    return {orderId, clOrdId: report['clOrdId'] as string};
  }

  venue(orderId: string, execType: string, fields: Message = {}): Output[] {
    const execId = `x${this.seq + 1}`;
    return execType === '9' ? this.send('9', {orderId, execId, ...fields}) : this.send('8', {orderId, execId, execType, ...fields});
  }

  fill(orderId: string, lastQty: string, lastPx = '100'): Output[] {
    return this.venue(orderId, 'F', {lastQty, lastPx});
  }

  wait(microseconds: number): this {
    this.now += microseconds;
    return this;
  }
}

/** What decides in an answer: its kind, status and reason, in short. */
export const brief = (outputs: readonly Output[]): string[] => outputs.map((output) => {
  if (output['msgType'] === '8') return `${String(output['execType'])}/${String(output['ordStatus'])}${output['text'] === null ? '' : ` ${String(output['text'])}`}`;
  return output['text'] === undefined ? `venue ${String(output['msgType'])}` : `${String(output['msgType'])} ${String(output['text'])}`;
});
