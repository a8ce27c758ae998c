/** What the traffic source remembers of an order it sent: enough to play the venue and to cancel it. */
export interface ModelOrder {
  readonly seq: number;
  readonly account: number;
  readonly instrument: number;
  clOrdId: string;
  readonly buy: boolean;
  qtyLots: number;
  priceTicks: number;
  filledLots: number;
  /** the next client id while a replace is under way */
  pendingClOrdId: string | null;
  pendingQtyLots: number;
  pendingPriceTicks: number;
  closed: boolean;
}

/** Instruments of the demo rulebook: decimals are written in tick and lot. */
export interface ModelInstrument {
  readonly symbol: string;
  readonly priceDecimals: number;
  readonly qtyDecimals: number;
  readonly minLots: number;
  readonly maxLots: number;
}

/** Integer to decimal text with a fixed number of decimals, e.g. (6183764, 2) -> `61837.64`. */
export const decimalText = (units: number, decimals: number): string => {
  if (decimals === 0) return String(units);
  const sign = units < 0 ? '-' : '';
  const digits = String(Math.abs(units)).padStart(decimals + 1, '0');
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
};
