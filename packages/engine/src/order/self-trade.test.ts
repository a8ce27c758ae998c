import {describe, expect, it} from 'vitest';
import {brief, OrderPlay} from '../../test/order-play.ts';

/** Three resting asks of an account, 101 before 100 in time, and one that does not cross. */
const resting = (account: string): OrderPlay => {
  const play = new OrderPlay();
  play.market();
  for (const [clOrdId, price, orderQty] of [['dear', '101', '0.5'], ['cheap', '100', '0.3'], ['cheap2', '100', '0.2'], ['far', '105', '0.1']] as const) play.working({account, clOrdId, side: '2', price, orderQty});
  return play;
};
const buy = (play: OrderPlay, account: string, fields: object = {}): ReturnType<OrderPlay['order']> => play.order({account, clOrdId: 'in', orderQty: '1', price: '101', ...fields});
const named = (outputs: ReturnType<OrderPlay['order']>): string[] => outputs.map((output) => `${String(output['clOrdId'] ?? output['orderId'])} ${brief([output]).join()}`);

describe('self-trade prevention', () => {
  it('mode none lets orders cross', () => {
    expect(brief(buy(resting('none'), 'none'))).toEqual(['venue D', 'A/A']);
  });

  it('cancel-newest rejects the incoming order', () => {
    expect(brief(buy(resting('cancel-newest'), 'cancel-newest'))).toEqual(['8/8 SELF_TRADE']);
    expect(brief(buy(resting('cancel-newest'), 'cancel-newest', {price: '99.99'}))).toEqual(['venue D', 'A/A']);
    expect(brief(buy(resting('cancel-newest'), 'cancel-newest', {ordType: '1', price: undefined}))).toEqual(['8/8 SELF_TRADE']);
    expect(brief(buy(resting('cancel-newest'), 'cancel-newest', {ordType: '3', price: undefined, stopPx: '101'}))).toEqual(['venue D', 'A/A']);
    expect(brief(buy(resting('cancel-newest'), 'cancel-newest', {symbol: 'ETH', orderQty: '1'}))).toEqual(['venue D', 'A/A']);
  });

  it('cancel-oldest cancels best price first, then age, and accepts', () => {
    expect(named(buy(resting('cancel-oldest'), 'cancel-oldest'))).toEqual(
      ['O5 venue F', 'cheap 6/6 SELF_TRADE', 'O7 venue F', 'cheap2 6/6 SELF_TRADE', 'O3 venue F', 'dear 6/6 SELF_TRADE', 'O11 venue D', 'in A/A']);
  });

  it('cancel-both rejects first, then cancels', () => {
    expect(named(buy(resting('cancel-both'), 'cancel-both', {price: '100'}))).toEqual(['in 8/8 SELF_TRADE', 'O5 venue F', 'cheap 6/6 SELF_TRADE', 'O7 venue F', 'cheap2 6/6 SELF_TRADE']);
  });

  it('decrement takes from both until one is used up', () => {
    const play = resting('decrement');
    const outputs = buy(play, 'decrement', {orderQty: '0.6'});
    expect(named(outputs)).toEqual(['in 8/8 SELF_TRADE', 'O5 venue F', 'cheap 6/6 SELF_TRADE', 'O7 venue F', 'cheap2 6/6 SELF_TRADE', 'O3 venue G', 'dear D/0 SELF_TRADE']);
    expect(outputs[2]).toMatchObject({orderQty: '0.000', leavesQty: '0.000'});
    expect(outputs.slice(5)).toMatchObject([{orderQty: '0.400', price: '101.00'}, {orderQty: '0.400', leavesQty: '0.400'}]);
    const rest = buy(resting('decrement'), 'decrement', {orderQty: '1.2'});
    expect(named(rest).slice(-2)).toEqual(['O11 venue D', 'in A/A']);
    expect(rest.at(-1)).toMatchObject({orderQty: '0.200', leavesQty: '0.200'});
  });

  it('touches nothing when one of the crossing orders is waiting for the venue', () => {
    for (const account of ['cancel-oldest', 'cancel-both', 'decrement']) {
      const play = resting(account);
      play.send('F', {account, symbol: 'BTC', clOrdId: 'k', origClOrdId: 'dear'});
      expect(named(buy(play, account))).toEqual(['in 8/8 SELF_TRADE']);
      expect(named(buy(play, account, {clOrdId: 'lower', price: '100', orderQty: '0.1'}))[0]).not.toBe('lower 8/8 SELF_TRADE'.replace('lower', 'in'));
    }
  });

  it('does nothing to resting orders when a later check rejects', () => {
    for (const account of ['cancel-oldest', 'decrement']) {
      expect(named(buy(resting(account), account, {execInst: 'E', orderQty: '1.5'}))).toEqual(['in 8/8 REDUCE_ONLY']);
    }
  });

  it('cancels a decremented order again when its cancel was refused', () => {
    const play = resting('decrement');
    buy(play, 'decrement', {orderQty: '0.3', price: '100'});
    play.venue('O5', '9');
    expect(named(buy(play, 'decrement', {clOrdId: 'again', orderQty: '0.1', price: '100'}))).toEqual(['again 8/8 SELF_TRADE', 'O5 venue F', 'cheap 6/6 SELF_TRADE', 'O7 venue G', 'cheap2 D/0 SELF_TRADE']);
  });
});
