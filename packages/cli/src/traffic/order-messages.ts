import {decimalText, type ModelInstrument, type ModelOrder} from './order-model.ts';

/** The JSON texts of docs/order-path.md, written as a client, a venue and a market data feed write them. */
const head = (msgType: string, seq: number, atUs: number): string => `{"msgType":"${msgType}","msgSeqNum":${seq},"transactTime":${atUs}`;

export interface NewOrderFields {
  readonly account: string;
  readonly instrument: ModelInstrument;
  readonly clOrdId: string;
  readonly buy: boolean;
  readonly ordType: '1' | '2' | '3';
  readonly qtyText: string;
  readonly priceText: string | null;
  readonly tif: string;
  readonly expireUs: number | null;
  readonly reduceOnly: boolean;
}

export const newOrderText = (seq: number, atUs: number, order: NewOrderFields): string => {
  const price = order.priceText === null ? '' : `,"${order.ordType === '3' ? 'stopPx' : 'price'}":"${order.priceText}"`;
  return `${head('D', seq, atUs)},"account":"${order.account}","symbol":"${order.instrument.symbol}","clOrdId":"${order.clOrdId}","side":"${order.buy ? 1 : 2}",` +
    `"ordType":"${order.ordType}","orderQty":"${order.qtyText}"${price},"tif":"${order.tif}"` +
    `${order.expireUs === null ? '' : `,"expireTime":${order.expireUs}`}${order.reduceOnly ? ',"execInst":"E"' : ''}}`;
};

export const cancelText = (seq: number, atUs: number, fields: {account: string; symbol: string; clOrdId: string; origClOrdId: string}): string =>
  `${head('F', seq, atUs)},"account":"${fields.account}","symbol":"${fields.symbol}","clOrdId":"${fields.clOrdId}","origClOrdId":"${fields.origClOrdId}"}`;

export const replaceText = (seq: number, atUs: number, fields: {account: string; symbol: string; clOrdId: string; origClOrdId: string; qtyText: string; priceText: string}): string =>
  `${head('G', seq, atUs)},"account":"${fields.account}","symbol":"${fields.symbol}","clOrdId":"${fields.clOrdId}","origClOrdId":"${fields.origClOrdId}",` +
  `"orderQty":"${fields.qtyText}","price":"${fields.priceText}"}`;

export const venueReportText = (seq: number, atUs: number, report: {orderSeq: number; execId: string; execType: string; lastQty?: string; lastPx?: string}): string =>
  `${head('8', seq, atUs)},"orderId":"O${report.orderSeq}","execId":"${report.execId}","execType":"${report.execType}"` +
  `${report.lastQty === undefined ? '' : `,"lastQty":"${report.lastQty}","lastPx":"${report.lastPx}"`}}`;

export const cancelRejectText = (seq: number, atUs: number, order: ModelOrder, execId: string): string =>
  `${head('9', seq, atUs)},"orderId":"O${order.seq}","execId":"${execId}"}`;

export const marketDataText = (seq: number, atUs: number, instrument: ModelInstrument, touch: {bidTicks: number; askTicks: number}): string =>
  `${head('W', seq, atUs)},"symbol":"${instrument.symbol}","bidPx":"${decimalText(touch.bidTicks, instrument.priceDecimals)}","askPx":"${decimalText(touch.askTicks, instrument.priceDecimals)}"}`;

export const tickText = (seq: number, atUs: number): string => `${head('0', seq, atUs)}}`;

export const tradingStateText = (seq: number, atUs: number, state: {scope: string; target: string; action: string; cancelOpen: boolean; killId: string}): string =>
  `${head('q', seq, atUs)},"scope":"${state.scope}","target":"${state.target}","action":"${state.action}","cancelOpen":"${state.cancelOpen ? 1 : 0}","killId":"${state.killId}"}`;
