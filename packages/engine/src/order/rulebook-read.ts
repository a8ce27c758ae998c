import {JsonSyntaxError, parseStrictJson, type JsonValue} from './json/strict-json.ts';
import {RulebookError, RulebookSection} from './rulebook-section.ts';
import {SELF_TRADE_MODES, type Account, type Instrument, type RateLimit, type Rulebook} from './rulebook.ts';

const ROOT_KEYS = [
  'formatVersion', 'instruments', 'accounts', 'globalRate', 'duplicateWindow', 'rejectConsumesDuplicate', 'rejectConsumesRate', 'ackTimeoutUs', 'resumeWindowUs',
  'sanityNotional', 'maxOpenPerSide', 'maxOpenOrders', 'terminalRetention',
];
const INSTRUMENT_KEYS = ['symbol', 'tickSize', 'lotSize', 'minQty', 'maxQty', 'minNotional', 'maxNotional', 'collarBps', 'refMaxAgeUs', 'maxPosition'];
const ACCOUNT_KEYS = [
  'account', 'symbols', 'maxOpenNotional', 'creditLimit', 'rateCapacity', 'ratePerSecond', 'cancelRateCapacity', 'cancelRatePerSecond', 'selfTrade', 'deadManUs',
];
/** nesting of a rulebook is 4; the file is ours to bound */
const DEPTH_MAX = 16;
const STEP_DECIMALS_MAX = 6;
const RATE_MAX = 1_000_000;
const TIME_US_MAX = 1e15;
const COUNT_MAX = 1e7;
const RETENTION_MAX = 1e8;
/** positions travel as u16, 0xFFFF means "by name" */
const NAMES_MAX = 65_535;

type Decimals = Pick<Instrument, 'priceDecimals' | 'qtyDecimals'>;

const stepDecimals = (section: RulebookSection, key: string): number => {
  const {digits, decimals} = section.decimal(key);
  if (decimals > STEP_DECIMALS_MAX) throw new RulebookError(section.at(key), `has more than ${STEP_DECIMALS_MAX} decimals`);
  if (digits === 0n) throw new RulebookError(section.at(key), 'is 0');
  return decimals;
};

const readDecimals = (section: RulebookSection): Decimals => ({priceDecimals: stepDecimals(section, 'tickSize'), qtyDecimals: stepDecimals(section, 'lotSize')});

const inLots = (section: RulebookSection, key: string, {qtyDecimals, lotUnits}: {qtyDecimals: number; lotUnits: number}): number => {
  const units = section.scaled(key, qtyDecimals);
  if (units % lotUnits !== 0) throw new RulebookError(section.at(key), 'is not a multiple of lotSize');
  return units / lotUnits;
};

const readInstrument = (section: RulebookSection, decimals: Decimals, cashDecimals: number): Instrument => {
  const {priceDecimals, qtyDecimals} = decimals;
  const tickUnits = section.scaled('tickSize', priceDecimals);
  const lotUnits = section.scaled('lotSize', qtyDecimals);
  const lot = {qtyDecimals, lotUnits};
  return {
    symbol: section.name('symbol'), priceDecimals, qtyDecimals, tickUnits, lotUnits,
    minQtyLots: inLots(section, 'minQty', lot), maxQtyLots: inLots(section, 'maxQty', lot), maxPositionLots: inLots(section, 'maxPosition', lot),
    minNotionalCash: section.scaled('minNotional', cashDecimals), maxNotionalCash: section.scaled('maxNotional', cashDecimals),
    cashPerTickLot: Number(BigInt(tickUnits) * BigInt(lotUnits) * 10n ** BigInt(cashDecimals - priceDecimals - qtyDecimals)),
    collarBps: section.integer('collarBps', 0, 1_000_000), refMaxAgeUs: section.integer('refMaxAgeUs', 0, TIME_US_MAX),
  };
};

const readRate = (section: RulebookSection, capacity: string, perSecond: string): RateLimit =>
  ({capacity: section.integer(capacity, 0, RATE_MAX), perSecond: section.integer(perSecond, 0, RATE_MAX)});

const readSymbols = (section: RulebookSection, symbols: readonly string[]): readonly number[] => {
  const seen = new Set<number>();
  section.list('symbols').forEach((entry, i) => {
    const path = `${section.at('symbols')}[${i}]`;
    const position = typeof entry === 'string' ? symbols.indexOf(entry) : -1;
    if (position < 0) throw new RulebookError(path, 'is not a symbol of the rulebook');
    if (seen.has(position)) throw new RulebookError(path, 'stands there twice');
    seen.add(position);
  });
  return [...seen];
};

const readAccount = (section: RulebookSection, symbols: readonly string[], cashDecimals: number): Account => ({
  account: section.name('account'),
  symbols: readSymbols(section, symbols),
  maxOpenCash: section.scaled('maxOpenNotional', cashDecimals), creditCash: section.scaled('creditLimit', cashDecimals),
  rate: readRate(section, 'rateCapacity', 'ratePerSecond'), cancelRate: readRate(section, 'cancelRateCapacity', 'cancelRatePerSecond'),
  selfTrade: section.choice('selfTrade', SELF_TRADE_MODES), deadManUs: section.integer('deadManUs', 0, TIME_US_MAX),
});

/** The sections of a list: at least one, names unique. */
const readSections = (root: RulebookSection, key: string, {keys, name}: {keys: readonly string[]; name: string}): readonly RulebookSection[] => {
  const entries = root.list(key);
  if (entries.length === 0) throw new RulebookError(key, 'is empty');
  if (entries.length > NAMES_MAX) throw new RulebookError(key, `has more than ${NAMES_MAX} entries`);
  const names = new Set<string>();
  return entries.map((entry: JsonValue, i) => {
    const section = new RulebookSection(entry, `${key}[${i}]`, keys);
    if (names.has(section.name(name))) throw new RulebookError(section.at(name), 'stands there twice');
    names.add(section.name(name));
    return section;
  });
};

const parse = (bytes: Uint8Array): JsonValue => {
  try {
    return parseStrictJson(bytes, DEPTH_MAX);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw new RulebookError('(the whole file)', `is not JSON: ${error.message}`);
    throw error;
  }
};

/**
 * Reads and checks rulebook.json (docs/order-path.md section 2) and proves that every limit stays exact in doubles.
 * @throws RulebookError with the path of the key
 */
export const readRulebook = (bytes: Uint8Array): Rulebook => {
  const root = new RulebookSection(parse(bytes), '', ROOT_KEYS);
  root.choice('formatVersion', ['1.0']);
  const instruments = readSections(root, 'instruments', {keys: INSTRUMENT_KEYS, name: 'symbol'});
  const decimals = instruments.map(readDecimals);
  const cashDecimals = Math.max(...decimals.map(({priceDecimals, qtyDecimals}) => priceDecimals + qtyDecimals));
  const symbols = instruments.map((section) => section.name('symbol'));
  const rate = new RulebookSection(root.value('globalRate'), 'globalRate', ['capacity', 'perSecond']);
  return {
    instruments: instruments.map((section, i) => readInstrument(section, decimals[i]!, cashDecimals)),
    accounts: readSections(root, 'accounts', {keys: ACCOUNT_KEYS, name: 'account'}).map((section) => readAccount(section, symbols, cashDecimals)),
    cashDecimals,
    globalRate: readRate(rate, 'capacity', 'perSecond'),
    duplicateWindow: root.integer('duplicateWindow', 1, COUNT_MAX),
    rejectConsumesDuplicate: root.flag('rejectConsumesDuplicate'), rejectConsumesRate: root.flag('rejectConsumesRate'),
    ackTimeoutUs: root.integer('ackTimeoutUs', 0, TIME_US_MAX), resumeWindowUs: root.integer('resumeWindowUs', 0, TIME_US_MAX),
    sanityCash: root.scaled('sanityNotional', cashDecimals),
    maxOpenPerSide: root.integer('maxOpenPerSide', 0, COUNT_MAX), maxOpenOrders: root.integer('maxOpenOrders', 0, COUNT_MAX),
    terminalRetention: root.integer('terminalRetention', 0, RETENTION_MAX),
  };
};
