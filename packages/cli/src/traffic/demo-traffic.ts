import {readFileSync} from 'node:fs';
import {fixturePath} from '../package-root.ts';
import {readMarketExcerpt} from './market-excerpt.ts';
import type {ModelInstrument} from './order-model.ts';
import {OrderTraffic, type TrafficAccount} from './order-traffic.ts';

export const DEMO_RULEBOOK = fixturePath('order-path/rulebook.json');
const MARKET = fixturePath('market/binance-spot-bookticker-20240808.txt.gz');

interface RulebookPart {
  readonly instruments: readonly {symbol: string; tickSize: string; lotSize: string; maxQty: string; minNotional: string}[];
  readonly accounts: readonly {account: string; symbols: readonly string[]}[];
}
const decimals = (text: string): number => text.split('.')[1]?.length ?? 0;
const lots = (qty: string, lotSize: string): number => Math.round(Number(qty) / Number(lotSize));

/** Traffic for the committed rulebook around the committed market excerpt. `orders`: how many new orders. */
export const demoTraffic = (options: {seed: number; orders: number; meanGapUs?: number; oddShare?: number}): OrderTraffic => {
  const rulebook = JSON.parse(readFileSync(DEMO_RULEBOOK, 'utf8')) as RulebookPart;
  const market = readMarketExcerpt(MARKET);
  const instruments: ModelInstrument[] = rulebook.instruments.map(({symbol, tickSize, lotSize, maxQty, minNotional}) => {
    const price = (market.find((tick) => tick.symbol === symbol)?.bidTicks ?? 100) / 100;
    return {symbol, priceDecimals: decimals(tickSize), qtyDecimals: decimals(lotSize), minLots: Math.ceil((Number(minNotional) * 1.1) / price / Number(lotSize)), maxLots: lots(maxQty, lotSize)};
  });
  const accounts: TrafficAccount[] = rulebook.accounts.map(({account, symbols}) => ({account, instruments: symbols.map((symbol) => instruments.findIndex((one) => one.symbol === symbol))}));
  return new OrderTraffic({seed: options.seed, orders: options.orders, accounts, instruments, market, meanGapUs: options.meanGapUs ?? 100, oddShare: options.oddShare ?? 0.02});
};
