import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {EXIT_CODE, TandemError} from '@tandem/contract';
import {signalTools} from '../session-plan.ts';
import {paint} from '../terminal/style.ts';
import {storeOf} from './object-place.ts';
import {switchFlag, textFlag, type WorkContext} from './work-context.ts';

const EXIT = {pass: EXIT_CODE.pass, fail: EXIT_CODE.fail, inconclusive: EXIT_CODE.inconclusive} as const;

/** Signals that the result beside the logs states; null: there is none, so nobody says where the last log ends the chain. */
const statedSignals = (folder: string): number | null => {
  try {
    const {signals} = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as {signals?: unknown};
    return typeof signals === 'number' ? signals : null;
  } catch {
    return null;
  }
};

/** Every log of a folder, each after the one before; whole logs that are missing at the end are found by what witnesses that end. */
const verifyFolder = async (context: WorkContext, folder: string, heads: readonly {readonly head: string}[]): Promise<number> => {
  const {verifyChain} = await signalTools();
  const files = readdirSync(folder).filter((name) => name.endsWith('.signals')).sort().map((name) => join(folder, name));
  if (files.length === 0) throw new TandemError({id: 'TDM-E151', kind: 'usage', what: 'the folder holds no signal log', where: folder, fix: 'name a folder with *.signals, or one log'});
  const found = verifyChain(files);
  const stated = statedSignals(folder), last = found.logs.at(-1)?.verdict.head;
  const isWitnessed = stated === null ? heads.some(({head}) => head === last) : stated === found.records;
  const outcome = found.outcome !== 'pass' || isWitnessed ? found.outcome : stated === null ? 'inconclusive' as const : 'fail' as const;
  const chain = {...found, outcome, stated};
  context.printJson({formatVersion: '1.0', folder, ...chain});
  const say = chain.outcome === 'pass' ? context.note : context.print;
  say(`${paint(context.style, chain.outcome === 'pass' ? 'good' : chain.outcome === 'fail' ? 'bad' : 'unsure', chain.outcome)}  ${chain.records.toLocaleString('en-US')} records in ${files.length} logs`);
  for (const {file, verdict, breaks} of chain.logs) {
    (verdict.outcome === 'pass' && breaks.length === 0 ? context.note : context.print)(`  ${file}  ${verdict.outcome}, ${verdict.records.toLocaleString('en-US')} records, ${verdict.isSealed ? 'sealed' : 'not sealed'}`);
    for (const {kind, block, at, what} of [...verdict.problems, ...breaks]) context.print(`    ${paint(context.style, 'bad', kind)}  block ${block}, octet ${at}: ${what}`);
  }
  if (stated !== null && stated !== chain.records) context.print(`  ${paint(context.style, 'bad', 'missing')}  result.json states ${stated.toLocaleString('en-US')} records, ${chain.records.toLocaleString('en-US')} are here`);
  if (outcome === 'inconclusive' && stated === null) context.print('  logs may be missing at the end: no result.json states it, and no published head witnesses it (--heads)');
  return EXIT[chain.outcome];
};

/** `tandem signals verify` */
export const verifyWork = async (context: WorkContext, log: string): Promise<number> => {
  const tools = await signalTools();
  const place = textFlag(context, 'store');
  const headsFile = textFlag(context, 'heads');
  const heads = headsFile === null ? [] : tools.readHeadsFile(headsFile);
  if (place === null && existsSync(log) && statSync(log).isDirectory()) return await verifyFolder(context, log, heads);
  const store = place === null ? null : await storeOf(context, place);
  const stored = store === null ? null : await tools.fetchLog(store, log).finally(() => { store.close(); });
  const source = stored === null ? tools.fileSource(log) : tools.storedSource(stored, `${place}/${log}`);
  const print = switchFlag(context, 'records');
  if (print) context.print('seq,eventTimeUs,generationTimeUs,symbol,value,price');
  try {
    const names: string[] = [];
    const verdict = new tools.LogVerifier(source, heads, print ? ({seq, eventUs, generatedUs, symbol, value, price}) => { context.print(`${seq},${eventUs},${generatedUs},${names[symbol] ?? symbol},${value},${price}`); } : null).verify();
    context.printJson({formatVersion: '1.0', log, ...verdict});
    const tone = verdict.outcome === 'pass' ? 'good' : verdict.outcome === 'fail' ? 'bad' : 'unsure';
    const say = verdict.outcome === 'pass' ? context.note : context.print;
    say(`${paint(context.style, tone, verdict.outcome)}  ${verdict.records.toLocaleString('en-US')} records in ${verdict.blocks.toLocaleString('en-US')} blocks, head ${verdict.head.slice(0, 16)}`);
    context.note(`  ${verdict.isSealed ? 'sealed' : 'not sealed'}; ${verdict.witnessed} published heads hold; ${verdict.header.kind === 'live' ? 'generation times are a clock\'s' : `simulated: generation time is event time plus ${verdict.header.arrivalDelayUs} µs`}`);
    context.note(`  model ${verdict.header.modelHash.slice(0, 16)}  features ${verdict.header.featureHash.slice(0, 16)}  code ${verdict.header.codeHash.slice(0, 16)}`);
    for (const {kind, at, block, what} of verdict.problems) context.print(`  ${paint(context.style, 'bad', kind)}  block ${block}, octet ${at}: ${what}`);
    if (verdict.outcome === 'inconclusive') context.print('  its end may be missing: give the heads that were published, or wait until it is sealed');
    return EXIT[verdict.outcome];
  } finally {
    source.close();
  }
};
