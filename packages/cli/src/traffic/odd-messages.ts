import {cancelText, newOrderText, replaceText, tickText} from './order-messages.ts';
import {decimalText, type ModelInstrument} from './order-model.ts';
import type {SeededRandom} from './seeded-random.ts';

export interface OddContext {
  readonly seq: number;
  readonly atUs: number;
  readonly account: string;
  readonly instrument: ModelInstrument;
  readonly touch: {readonly bidTicks: number; readonly askTicks: number};
  readonly clOrdId: string;
  readonly knownClOrdId: string;
}

/** Messages that real traffic holds too: broken, unknown, repeated, over a limit, at a limit. One kind a call. */
export const oddMessage = (random: SeededRandom, context: OddContext): string => {
  const {seq, atUs, account, instrument, touch, clOrdId, knownClOrdId} = context;
  const priceTicks = Math.max(1, touch.bidTicks - 5);
  const qty = decimalText(instrument.minLots * 3, instrument.qtyDecimals);
  const price = decimalText(priceTicks, instrument.priceDecimals);
  const order = {account, instrument, clOrdId, buy: true, ordType: '2' as const, qtyText: qty, priceText: price, tif: '0', expireUs: null, reduceOnly: false};
  const good = newOrderText(seq, atUs, order);
  const withQty = (lots: number): string => newOrderText(seq, atUs, {...order, qtyText: decimalText(lots, instrument.qtyDecimals)});
  const kinds: readonly (() => string)[] = [
    () => good.slice(0, good.length - 1 - random.below(40)),
    () => good.replace('"side":"1"', '"side":"3"'),
    () => good.replace(`"orderQty":"${qty}"`, `"orderQty":${qty}`),
    () => good.replace(`"price":"${price}"`, '"price":"1e5"'),
    () => good.replace('"tif":"0"', '"tif":"0","memo":"x"'),
    () => good.replace(`,"clOrdId":"${clOrdId}"`, ''),
    () => newOrderText(seq, atUs, {...order, account: 'NOBODY'}),
    () => newOrderText(seq, atUs, {...order, instrument: {...instrument, symbol: 'DOGEUSDT'}}),
    () => newOrderText(seq, atUs, {...order, clOrdId: knownClOrdId}),
    () => newOrderText(seq, atUs, {...order, priceText: `${price}5`}),
    () => newOrderText(seq, atUs, {...order, priceText: `${price}00`}),
    () => newOrderText(seq, atUs, {...order, qtyText: `${qty}7`}),
    () => newOrderText(seq, atUs, {...order, priceText: '-1.00'}),
    () => withQty(0),
    () => withQty(instrument.minLots - 1),
    () => withQty(instrument.maxLots + 1),
    () => withQty(instrument.maxLots),
    () => newOrderText(seq, atUs, {...order, priceText: decimalText(Math.max(1, Math.floor(touch.bidTicks * 0.98)), instrument.priceDecimals)}),
    () => newOrderText(seq, atUs, {...order, buy: false, priceText: decimalText(Math.max(1, touch.bidTicks - 20), instrument.priceDecimals)}),
    () => newOrderText(seq, atUs, {...order, tif: '6'}),
    () => newOrderText(seq, atUs, {...order, tif: '6', expireUs: atUs - 1}),
    () => newOrderText(seq, atUs, {...order, reduceOnly: true}),
    () => cancelText(seq, atUs, {account, symbol: instrument.symbol, clOrdId, origClOrdId: 'never-sent'}),
    () => replaceText(seq, atUs, {account, symbol: instrument.symbol, clOrdId, origClOrdId: knownClOrdId, qtyText: qty, priceText: price}),
    () => tickText(Math.max(1, seq - 3), atUs),
    () => `${good} `,
    () => good.replace('"msgType":"D"', '"msgType":"Z"'),
    () => good.replace(`"msgSeqNum":${seq}`, `"msgSeqNum":${seq},"msgSeqNum":${seq}`),
  ];
  return (kinds[random.below(kinds.length)] as () => string)();
};
