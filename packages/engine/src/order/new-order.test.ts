import {describe, expect, it} from 'vitest';
import {brief, OrderPlay} from '../../test/order-play.ts';
import {smallRulebook} from '../../test/small-rulebook.ts';

const ready = (): OrderPlay => {
  const play = new OrderPlay();
  play.market();
  return play;
};
const reasonOf = (play: OrderPlay, fields: Record<string, unknown>): unknown => play.order(fields).at(-1)!['text'];

describe('a new order', () => {
  it('is accepted, sent to the venue first, and reported pending', () => {
    const play = ready();
    const [venue, report] = play.order({clOrdId: 'mine', orderQty: '1.50', price: '100.1'});
    expect(venue).toEqual({msgType: 'D', refSeqNum: 3, account: 'none', orderId: 'O3', symbol: 'BTC', side: '1', ordType: '2', orderQty: '1.500', price: '100.10', stopPx: null, tif: '1', expireTime: null});
    expect(report).toEqual({
      msgType: '8', refSeqNum: 3, account: 'none', symbol: 'BTC', clOrdId: 'mine', origClOrdId: null, orderId: 'O3', execId: 'E3.1', execType: 'A', ordStatus: 'A', side: '1', ordType: '2',
      orderQty: '1.500', price: '100.10', lastQty: null, lastPx: null, cumQty: '0.000', leavesQty: '1.500', avgPx: '0.000000', ordRejReason: null, text: null, transactTime: play.now,
    });
  });

  it('writes a stop with its stop price and a market order with none', () => {
    const play = ready();
    expect(play.order({ordType: '3', price: undefined, stopPx: '101'})[0]).toMatchObject({price: null, stopPx: '101.00'});
    const [venue, report] = play.order({ordType: '1', price: undefined});
    expect(venue).toMatchObject({price: null, stopPx: null});
    expect(report).toMatchObject({price: null, ordStatus: 'A'});
  });

  it('echoes a rejected order as it was received', () => {
    const [report] = ready().order({clOrdId: 'r', orderQty: '1.0', price: '-0.50'});
    expect(report).toMatchObject({execType: '8', ordStatus: '8', orderId: null, orderQty: '1.0', price: '-0.50', cumQty: '0', leavesQty: '0', avgPx: '0', ordRejReason: 16, text: 'PX_NONPOS'});
  });

  it.each([
    ['UNKNOWN_ACCOUNT', {account: 'nobody', symbol: 'nothing'}, 15], ['UNKNOWN_SYMBOL', {symbol: 'nothing'}, 1], ['NOT_PERMITTED', {symbol: 'GOLD', price: '100'}, 99],
    ['PX_TICK', {price: '100.001', orderQty: '0.0001'}, 16], ['QTY_LOT', {price: '-1', orderQty: '0.0005'}, 13], ['PX_NONPOS', {price: '0', orderQty: '-1'}, 16], ['QTY_NONPOS', {orderQty: '-1'}, 13],
    ['QTY_MIN', {orderQty: '0.009'}, 13], ['QTY_MAX', {orderQty: '5.001', price: '150'}, 3], ['NOTIONAL_MIN', {orderQty: '0.010', price: '90'}, 13], ['NOTIONAL_MAX', {orderQty: '3.000', price: '111'}, 3],
    ['COLLAR', {price: '110.03'}, 16], ['COLLAR', {price: '90.02'}, 16], ['REDUCE_ONLY', {execInst: 'E'}, 99], ['EXPIRE_MISSING', {tif: '6'}, 99],
  ])('%s for %j', (text, fields, ordRejReason) => {
    expect(ready().order(fields).at(-1)).toMatchObject({text, ordRejReason});
  });

  it('keeps the borders: the last good value passes', () => {
    const play = ready();
    for (const fields of [{orderQty: '0.010', price: '100'}, {price: '110.02'}, {price: '90.03'}, {orderQty: '2.999', price: '100.03'}]) expect(reasonOf(play, fields)).toBeNull();
  });

  it('takes zeros behind the grid, not digits', () => {
    const play = ready();
    expect(reasonOf(play, {price: '100.010000000', orderQty: '1.000000000'})).toBeNull();
    expect(reasonOf(play, {price: '100.010000001'})).toBe('PX_TICK');
    expect(reasonOf(play, {symbol: 'ETH', price: '100.01', orderQty: '1'})).toBe('PX_TICK');
    expect(reasonOf(play, {symbol: 'ETH', price: '100.05', orderQty: '0.3'})).toBe('QTY_LOT');
    expect(reasonOf(play, {symbol: 'ETH', price: '100.05', orderQty: '0.75'})).toBeNull();
  });

  it('has no reference, then a stale one', () => {
    const play = new OrderPlay();
    expect(reasonOf(play, {})).toBe('STALE_REF');
    expect(reasonOf(play, {ordType: '1', price: undefined, orderQty: '0.010'})).toBe('STALE_REF');
    expect(reasonOf(play, {price: '1', orderQty: '0.010'})).toBe('NOTIONAL_MIN');
    play.market();
    // the order itself comes a microsecond later
    expect(reasonOf(play.wait(999_998), {})).toBeNull();
    expect(reasonOf(play, {})).toBe('STALE_REF');
  });

  it('refuses an id that was used by anything, accepted or rejected', () => {
    const play = ready();
    play.order({clOrdId: 'a'});
    expect(play.order({clOrdId: 'a'}).at(-1)).toMatchObject({text: 'DUP_CLORDID', ordRejReason: 6});
    play.order({clOrdId: 'b', price: '0'});
    expect(reasonOf(play, {clOrdId: 'b'})).toBe('DUP_CLORDID');
    expect(reasonOf(play, {clOrdId: 'a', account: 'cancel-newest'})).toBeNull();
    play.send('F', {account: 'none', symbol: 'BTC', clOrdId: 'of a cancel', origClOrdId: 'x'});
    expect(brief(play.send('F', {account: 'none', symbol: 'BTC', clOrdId: 'cancel', origClOrdId: 'x'}))).toEqual(['9 UNKNOWN_ORDER']);
    expect(reasonOf(play, {clOrdId: 'cancel'})).toBe('DUP_CLORDID');
  });

  it('may leave ids and tokens of rejected orders alone', () => {
    const play = new OrderPlay({...smallRulebook(), rejectConsumesDuplicate: false, rejectConsumesRate: false});
    play.market();
    for (let i = 0; i < 30; i++) expect(reasonOf(play, {clOrdId: 'again', price: '0'})).toBe('PX_NONPOS');
    expect(reasonOf(play, {clOrdId: 'again'})).toBeNull();
  });

  it('runs out of tokens, and gets them back with time', () => {
    const play = ready();
    for (let i = 0; i < 20; i++) expect(reasonOf(play, {price: '0'})).toBe('PX_NONPOS');
    expect(reasonOf(play, {})).toBe('RATE');
    // ten tokens a second: the next is whole 100,000 microseconds after the bucket was full, to the microsecond
    expect(reasonOf(play.wait(99_970), {})).toBe('RATE');
    expect(reasonOf(play.wait(7), {})).toBe('RATE');
    expect(reasonOf(play, {})).toBeNull();
    expect(reasonOf(play, {})).toBe('RATE');
  });

  it('limits the worst-case position and the number of open orders', () => {
    const play = ready();
    for (let i = 0; i < 3; i++) expect(reasonOf(play, {orderQty: '1.9'})).toBeNull();
    expect(reasonOf(play, {orderQty: '0.301'})).toBe('POSITION');
    expect(reasonOf(play, {orderQty: '0.3'})).toBeNull();
    expect(reasonOf(play, {side: '2', orderQty: '0.3'})).toBeNull();
    expect(reasonOf(play, {orderQty: '0.010', account: 'cancel-newest'})).toBeNull();
    for (let i = 0; i < 3; i++) play.order({orderQty: '0.010', account: 'cancel-newest'});
    expect(reasonOf(play, {orderQty: '0.010', account: 'cancel-newest'})).toBe('OPEN_ORDERS');
  });

  it('limits open notional over all symbols, and traded notional', () => {
    const play = ready();
    expect(reasonOf(play, {symbol: 'ETH', orderQty: '7', price: '100'})).toBeNull();
    expect(reasonOf(play, {orderQty: '2.99', price: '100.33'})).toBeNull();
    expect(reasonOf(play, {orderQty: '0.01', price: '100'})).toBe('CUM_NOTIONAL');
    const credit = new OrderPlay({...smallRulebook(), accounts: smallRulebook().accounts.map((account) => ({...account, creditLimit: '300'}))});
    credit.market();
    const {orderId} = credit.working({orderQty: '2'});
    credit.fill(orderId, '2');
    expect(reasonOf(credit, {side: '2', orderQty: '1.001'})).toBe('CREDIT');
    expect(reasonOf(credit, {side: '2', orderQty: '1'})).toBeNull();
  });

  it('reduce-only never opens', () => {
    const play = ready();
    const {orderId} = play.working({orderQty: '2'});
    play.fill(orderId, '2');
    expect(reasonOf(play, {side: '2', orderQty: '2.001', execInst: 'E'})).toBe('REDUCE_ONLY');
    expect(reasonOf(play, {side: '1', orderQty: '1', execInst: 'E'})).toBe('REDUCE_ONLY');
    expect(reasonOf(play, {side: '2', orderQty: '1.5', execInst: 'E'})).toBeNull();
    expect(reasonOf(play, {side: '2', orderQty: '0.501', execInst: 'E'})).toBe('REDUCE_ONLY');
  });

  it('expires not before its time', () => {
    const play = ready();
    expect(reasonOf(play, {tif: '6', expireTime: play.now + 1})).toBe('EXPIRED');
    expect(reasonOf(play, {tif: '6', expireTime: play.now + 2})).toBeNull();
  });

  it('answers the first check that fails', () => {
    const play = ready();
    play.order({clOrdId: 'a', price: '0'});
    expect(reasonOf(play, {clOrdId: 'a', price: '0.001'})).toBe('DUP_CLORDID');
    expect(reasonOf(play, {clOrdId: 'b', price: '5000', orderQty: '6'})).toBe('QTY_MAX');
    expect(reasonOf(play, {clOrdId: 'c', price: '5000', orderQty: '1'})).toBe('NOTIONAL_MAX');
    expect(reasonOf(play.wait(2_000_000), {clOrdId: 'd', price: '120', orderQty: '1'})).toBe('COLLAR');
    play.send('q', {scope: 'global', target: '', action: 'halt', cancelOpen: '0', killId: 'k'});
    expect(reasonOf(play, {account: 'nobody'})).toBe('HALTED');
  });
});
