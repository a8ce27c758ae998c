import {Chance, extremeRulebook, ExtremeTraffic} from './extreme-traffic.ts';
import {orderHarness} from './order-harness.ts';
import {replayInPython} from './python-replay.ts';

export interface DifferentialResult {
  readonly messages: number;
  readonly outputs: number;
  readonly hashes: number;
  /** texts of the outputs seen, to know what was exercised */
  readonly texts: ReadonlySet<string>;
  /** first difference, null when there is none */
  readonly difference: string | null;
}

const HASH_EVERY = 40;
const NOTHING = new Uint8Array(0);

/** The same extreme traffic through both implementations; a failing seed repeats the run. */
export const compareExtreme = async (seed: number, count: number, variant = 'idiomatic'): Promise<DifferentialResult> => {
  const chance = new Chance(seed);
  const book = extremeRulebook(chance);
  const traffic = new ExtremeTraffic(chance, book);
  const ours = orderHarness(book.rulebook, seed);
  const messages: Uint8Array[] = [];
  const expected: string[][] = [];
  const texts = new Set<string>();
  let outputs = 0;
  for (let i = 1; i <= count; i++) {
    const message = traffic.next();
    messages.push(message);
    const answer = [...ours.accept(message)];
    traffic.observe(answer);
    outputs += answer.length;
    for (const output of answer) texts.add(/"text":("[^"]*"|null)/.exec(output)?.[1] ?? 'none');
    expected.push(answer);
    if (i % HASH_EVERY === 0 || i === count) {
      messages.push(NOTHING);
      expected.push([ours.stateHash()]);
    }
  }
  const answers = await replayInPython(book.rulebook, messages, variant);
  let difference: string | null = answers.length === expected.length ? null : `${answers.length} answers for ${expected.length} messages`;
  for (let i = 0; i < expected.length && difference === null; i++) {
    if (JSON.stringify(answers[i]) === JSON.stringify(expected[i])) continue;
    difference = `seed ${seed}, message ${i}: ${Buffer.from(messages[i]!).toString('latin1').slice(0, 600)}\npython: ${JSON.stringify(answers[i])}\nengine: ${JSON.stringify(expected[i])}\nrulebook: ${JSON.stringify(book.rulebook)}`;
  }
  return {messages: count, outputs, hashes: expected.length - count, texts, difference};
};
