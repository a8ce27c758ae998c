import {readFile} from 'node:fs/promises';
import {createInterface} from 'node:readline';
import {monoNowNs} from '../endpoint/mono-clock.ts';
import type {ControlAnswer, ProposeAnswer, ProposeRequest} from '../flow/ownership-control.ts';
import {ControlClient} from './control-client.ts';
import {controllerCrashpoints} from './controller-crashpoint.ts';
import {createCutoverState, type CutoverCommand, type CutoverConfig, type CutoverEvent, type CutoverTick} from './cutover-core-state.ts';
import {cutoverStep} from './cutover-core.ts';

/**
 * The controller: `node controller-process.ts <settings.json>`. Reads words of the runner on stdin (one JSON object a line), asks the
 * gate for its state, proposes changes, and says what happened on stdout. It holds nothing that matters: killed at any moment, the
 * next one reads the gate's journal through the gate. Ends when stdin ends.
 */
export interface ControllerSettings extends Omit<CutoverConfig, 'incarnation'> {
  readonly controlSocket: string;
}

export type ControllerWord =
  | {readonly kind: 'snapshot'} & Pick<CutoverTick, 'evidence' | 'lives' | 'lagInputs' | 'replayInputs' | 'messages'>
  | {readonly kind: 'operator'; readonly command: 'start' | 'rollback'; readonly reason: string};

const TICK_MS = 20;
const ANSWER_MS = 2000;

function say(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

async function main(path: string): Promise<void> {
  const settings = JSON.parse(await readFile(path, 'utf8')) as ControllerSettings;
  const config: CutoverConfig = {...settings, incarnation: `${process.pid}.${Math.round(monoNowNs() / 1e6)}`};
  const client = new ControlClient(settings.controlSocket);
  const tell = process.env['TANDEM_CRASHPOINT_TELL'] === '1' ? (name: string): void => say({crashpoint: name}) : null;
  const reach = controllerCrashpoints(process.env['TANDEM_CRASHPOINT'], tell);
  const state = createCutoverState();
  let snapshot: Extract<ControllerWord, {kind: 'snapshot'}> | null = null;
  let ended = false;

  const obey = async (command: CutoverCommand): Promise<void> => {
    if (command.kind === 'event') {
      say({event: command.event});
      return;
    }
    reach('before-propose');
    const asked = client.ask(command.request, ANSWER_MS);
    // A turn, so that the request has left before a planted end.
    await new Promise((resolve) => setTimeout(resolve, 1));
    reach('after-propose-sent');
    const answer = asProposeAnswer(await asked);
    reach('after-answer');
    if (answer?.kind === 'accepted') reach(isBack(command.request) ? 'during-rollback' : 'after-promote');
    await step({kind: 'answered', nonce: command.request.nonce, answer});
  };
  const step = async (event: CutoverEvent): Promise<void> => {
    const out: CutoverCommand[] = [];
    cutoverStep(config, state, event, out);
    for (const command of out) await obey(command);
  };
  const words: ControllerWord[] = [];
  createInterface({input: process.stdin}).on('line', (line) => {
    const word = JSON.parse(line) as ControllerWord;
    if (word.kind === 'snapshot') snapshot = word;
    else words.push(word);
  }).on('close', () => {
    ended = true;
  });
  process.on('SIGTERM', () => {
    ended = true;
  });
  // Ctrl-C reaches everybody in the terminal's group; who started us decides and ends our stdin.
  process.on('SIGINT', () => undefined);
  say({ready: true, pid: process.pid});
  while (!ended) {
    // What an operator wants is about where the journal stands, which a new process does not know yet.
    if (state.synced) for (const word of words.splice(0)) if (word.kind === 'operator') await step(word);
    if (snapshot !== null) {
      const answer = await client.ask({kind: 'status'}, ANSWER_MS);
      const gate = answer?.kind === 'status' ? answer.view : null;
      const {evidence, lives, lagInputs, replayInputs, messages} = snapshot;
      await step({kind: 'tick', nowMs: monoNowNs() / 1e6, gate, evidence, lives, lagInputs, replayInputs, messages});
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  client.close();
  process.exit(0);
}

function isBack(request: ProposeRequest): boolean {
  return request.stage === 'ROLLING_BACK' || request.stage === 'SHADOW';
}

function asProposeAnswer(answer: ControlAnswer | null): ProposeAnswer | null {
  return answer?.kind === 'accepted' || answer?.kind === 'refused' ? answer : null;
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
