import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {gzipSync} from 'node:zlib';
import {afterAll, describe, expect, it} from 'vitest';
import {importTicks} from './import-ticks.ts';
import {copyColumns, gatherTicks, TICK_FIELDS, type TickField} from './tick-columns.ts';
import {hashColumns, readTickStore, writeTickStore} from './tick-store-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-ticks-'));
afterAll(() => { rmSync(folder, {recursive: true, force: true}); });
const root = fileURLToPath(new URL('../../../../../', import.meta.url));

const values = (price: number): Record<TickField, number> => ({price, high: price, low: price, volume: 1, bidSize: 2, askSize: 3, reference: price});
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
};

describe('a tick store', () => {
  const columns = gatherTicks([{timeUs: 20, symbol: 'B', values: values(2)}, {timeUs: 10, symbol: 'A', values: values(1)}, {timeUs: 20, symbol: 'A', values: values(-0)}]);
  it('orders by time, keeps ties as they came, and comes back to the bit in shared memory', () => {
    const path = join(folder, 'a.ticks');
    const hash = writeTickStore(path, columns, 'a test');
    const store = readTickStore(path);
    expect(store.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect([...store.timeUs]).toEqual([10, 20, 20]);
    expect([...store.symbol].map((at) => store.symbols[at])).toEqual(['A', 'B', 'A']);
    expect(Object.is(store.fields[0]![2], -0)).toBe(true);
    expect([store.dataHash, store.source]).toEqual([hash, 'a test']);
  });

  it('is refused when it was cut, changed, or is something else', () => {
    const path = join(folder, 'b.ticks');
    writeTickStore(path, columns, 'a test');
    const octets = readFileSync(path);
    const refused = (change: Buffer): void => {
      writeFileSync(path, change);
      expect(() => readTickStore(path)).toThrow(expect.objectContaining({detail: expect.objectContaining({id: 'TDM-E435'}) as object}) as Error);
    };
    for (const at of [0, 9, 40, octets.length - 1, octets.length - 100]) {
      const changed = Buffer.from(octets);
      changed[at] = changed[at]! ^ 4;
      refused(changed);
    }
    for (const length of [0, 10, 100, octets.length - 8]) refused(octets.subarray(0, length));
    refused(Buffer.concat([octets, Buffer.alloc(8)]));
    expect(() => readTickStore(join(folder, 'none.ticks'))).toThrow(/tick store/);
    refused(Buffer.concat([Buffer.from('TDMTICK1\x04\0\0\0\0\0\0\0', 'latin1'), Buffer.from('null')]));
  });

  it('is refused when its symbols were renamed or changed places, and when an earlier version wrote it, with the command that makes it again', () => {
    const path = join(folder, 'd.ticks');
    for (const [from, to, seen] of [['["A","B"]', '["Z","B"]', /ticks or their symbols/], ['["A","B"]', '["B","A"]', /ticks or their symbols/], ['"formatVersion":"2.0"', '"formatVersion":"1.0"', /version 1\.0, where 2\.0/]] as const) {
      writeTickStore(path, columns, 'a test');
      const octets = readFileSync(path), at = octets.indexOf(from);
      expect(at).toBeGreaterThan(0);
      octets.write(to, at);
      writeFileSync(path, octets);
      expect(() => readTickStore(path)).toThrow(expect.objectContaining({detail: expect.objectContaining({id: 'TDM-E435', seen: expect.stringMatching(seen) as string, fix: `make it again: tandem simulate <recordings> --import ${path}`}) as object}) as Error);
    }
  });

  it('is neither read nor written where a folder stands, which is named, and nothing is left', () => {
    const path = join(folder, 'e.ticks');
    mkdirSync(path);
    expect(() => readTickStore(path)).toThrow(expect.objectContaining({detail: expect.objectContaining({id: 'TDM-E435', where: path, seen: 'it is no file'}) as object}) as Error);
    expect(() => writeTickStore(path, columns, 'a test')).toThrow(expect.objectContaining({code: 'EISDIR', path}) as Error);
    expect(() => writeTickStore(join(folder, 'none/e.ticks'), columns, 'a test')).toThrow(expect.objectContaining({code: 'ENOENT', path: join(folder, 'none/e.ticks')}) as Error);
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it('has a hash of its own for other symbols', () => {
    const of = (symbols: readonly string[]): string => hashColumns({...columns, symbols});
    expect(new Set([of(['A', 'B']), of(['B', 'A']), of(['A', 'B', 'C']), of(['A,B', '']), of(['A", "B'])]).size).toBe(5);
  });

  it('is refused when its hash is right and its ticks are of no symbol, or go back in time', () => {
    for (const [column, value] of [[0, 50], [0, Number.NaN], [1, 7], [1, 0.5], [1, -1]] as const) {
      const other = copyColumns(columns);
      (column === 0 ? other.timeUs : other.symbol)[0] = value;
      writeTickStore(join(folder, 'c.ticks'), other, 'a test');
      expect(() => readTickStore(join(folder, 'c.ticks'))).toThrow(/tick store/);
    }
  });
});

describe('importers', () => {
  it('read shares in LEAN form, and leave out what is suspicious', () => {
    const ticks = importTicks(file('equity_usa_tick_ibm_20131007_trade.csv.gz', '34200000,1815200,283,P,0,0\n34200001,1815100,100,P,0,1\n34200001,1815100,200,P,0,0\n'));
    const dayUs = Date.UTC(2013, 9, 7) * 1000;
    expect(ticks).toEqual([
      {timeUs: dayUs + 34_200_000_000, symbol: 'IBM', values: {price: 181.52, high: 181.52, low: 181.52, volume: 283, bidSize: 283, askSize: 0, reference: 181.52}},
      {timeUs: dayUs + 34_200_001_000, symbol: 'IBM', values: {price: 181.51, high: 181.51, low: 181.51, volume: 200, bidSize: 0, askSize: 200, reference: 181.51}},
    ]);
  });
  it('stamp a candle when it is over, never when it begins', () => {
    const [tick] = importTicks(file('UNITTEST_BTC-1m.jsonl', '[1509836520000,0.00162,0.00163,0.00161,0.001625,108.5]\n'));
    expect(tick).toMatchObject({timeUs: 1_509_836_580_000_000, symbol: 'UNITTEST-BTC', values: {price: 0.001625, high: 0.00163, low: 0.00161, volume: 108.5}});
  });
  it('keep the other side of a quote that tells one side', () => {
    const [tick, next] = importTicks(file('equity_usa_tick_ibm_20131007_quote.csv', '14400241,1800000,300,0,0,P,1,0\n14400300,0,0,1820000,500,P,1,0\n14400400,1801000,100,0,0,P,1,0\n'));
    expect(tick?.values).toMatchObject({price: 181, low: 180, high: 182, bidSize: 300, askSize: 500});
    expect(next?.values).toMatchObject({low: 180.1, high: 182, bidSize: 100, askSize: 500});
  });
  it('read the market excerpt of this repository', () => {
    const ticks = importTicks(join(root, 'packages/cli/fixtures/market/binance-spot-bookticker-20240808.txt.gz'));
    expect(ticks).toHaveLength(6000);
    expect(new Set(ticks.map(({symbol}) => symbol))).toEqual(new Set(['BTCUSDT', 'ETHUSDT']));
  });
  it.each([
    ['cut.-trades.jsonl', '[1,2', /line 1/], ['null-trades.jsonl', '\n\nnull\n', /line 3/], ['nan-trades.jsonl', '[1,"i",null,"buy",1,1,1]\n[2,"i",null,"buy","x",1,1]\n', /line 2.*price is x/],
    ['inf-trades.jsonl', '[1,"i",null,"buy",1e400,1,1]\n', /price is Infinity/], ['time-trades.jsonl', '["x","i",null,"buy",1,1,1]\n', /a time of NaN/], ['nul-trades.jsonl', '\0\0\n', /line 1/],
    ['usdjpy-ticks.csv', 'timestamp,bid,ask\nbanana,1,2\n', /line 2.*a time of NaN/], ['plain-trades.jsonl.gz', null, /header check/],
  ])('name the line of %s that is no tick, and never stumble', (name, text, seen) => {
    const path = file(name, text ?? '');
    if (text === null) writeFileSync(path, 'not packed');
    try {
      importTicks(path);
      expect.unreachable();
    } catch (error) {
      const {detail} = error as {detail: {id: string; where: string; seen: string}};
      expect([detail.id, `${detail.where} ${detail.seen}`]).toEqual(['TDM-E436', expect.stringMatching(seen)]);
    }
  });
  it('refuse what is no file before they read it, and take a byte order mark and line ends of Windows', () => {
    symlinkSync('/dev/zero', join(folder, 'zero-trades.jsonl'));
    expect(() => importTicks(join(folder, 'zero-trades.jsonl'))).toThrow(/cannot be read/);
    expect(() => importTicks(join(folder, 'none-trades.jsonl'))).toThrow(/cannot be read/);
    expect(importTicks(file('bom-trades.jsonl', '\uFEFF[1,"i",null,"buy",1,1,1]\r\n[2,"i",null,"buy",2,1,1]\r\n'))).toHaveLength(2);
  });
  it('refuse what they do not know, and what is empty', () => {
    expect(() => importTicks(file('something.parquet', 'x'))).toThrow(/cannot be imported/);
    expect(() => importTicks(file('XRP_ETH-trades.jsonl', ''))).toThrow(/holds no tick/);
  });

  const shared = process.env['TANDEM_SHARED'] ?? join(root, '../shared');
  const why = existsSync(join(shared, 'data/ticks')) ? '' : ' (skipped: the shared recordings are not here; TANDEM_SHARED names their folder)';
  it.skipIf(why !== '')(`read every recording of the shared data${why}`, () => {
    const counts = ['lean/equity_usa_tick_ibm_20131007_trade.csv.gz', 'lean/equity_usa_tick_ibm_20131007_quote.csv.gz', 'lean/forex_oanda_tick_eurusd_20140501_quote.csv.gz', 'lean/crypto_coinbase_minute_btcusd_20180404_quote.csv.gz',
      'freqtrade/XRP_ETH-trades.jsonl.gz', 'freqtrade/UNITTEST_BTC-1m.jsonl.gz', 'nautilus/usdjpy-ticks.csv.gz'].map((name) => {
      const ticks = importTicks(join(shared, 'data/ticks', name));
      expect(ticks.every(({timeUs, values: all}) => Number.isSafeInteger(timeUs) && TICK_FIELDS.every((field) => Number.isFinite(all[field])) && all.price > 0 && all.low <= all.high), name).toBe(true);
      return ticks.length;
    });
    expect(counts.map((count) => count > 900)).toEqual(counts.map(() => true));
  });
});
