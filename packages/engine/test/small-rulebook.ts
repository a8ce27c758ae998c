/** A rulebook for examples: round numbers, one account per self-trade mode, short windows. Copies may be changed before use. */
export const smallRulebook = () => ({
  formatVersion: '1.0',
  instruments: [
    {symbol: 'BTC', tickSize: '0.01', lotSize: '0.001', minQty: '0.010', maxQty: '5', minNotional: '1', maxNotional: '300', collarBps: 1000, refMaxAgeUs: 1_000_000, maxPosition: '6'},
    {symbol: 'ETH', tickSize: '0.05', lotSize: '0.25', minQty: '0.25', maxQty: '100', minNotional: '1', maxNotional: '10000', collarBps: 1000, refMaxAgeUs: 1_000_000, maxPosition: '200'},
    {symbol: 'GOLD', tickSize: '5', lotSize: '1', minQty: '1', maxQty: '10', minNotional: '1', maxNotional: '100000', collarBps: 10_000, refMaxAgeUs: 1_000_000, maxPosition: '20'},
  ],
  accounts: ['none', 'cancel-newest', 'cancel-oldest', 'cancel-both', 'decrement'].map((selfTrade) => ({
    account: selfTrade, symbols: ['BTC', 'ETH'], maxOpenNotional: '1000', creditLimit: '5000', rateCapacity: 20, ratePerSecond: 10, cancelRateCapacity: 5,
    cancelRatePerSecond: 1, selfTrade, deadManUs: selfTrade === 'none' ? 0 : 60_000_000,
  })),
  globalRate: {capacity: 1000, perSecond: 1000},
  duplicateWindow: 100, rejectConsumesDuplicate: true, rejectConsumesRate: true, ackTimeoutUs: 500_000, resumeWindowUs: 1_000_000, sanityNotional: '100000',
  maxOpenPerSide: 4, maxOpenOrders: 20, terminalRetention: 10,
});

export const START_US = 1_700_000_000_000_000;
