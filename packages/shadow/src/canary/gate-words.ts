import type {GateView} from '../flow/ownership-control.ts';
import {ControlClient} from './control-client.ts';

/** Everything back to legacy, latched; without the controller. */
export async function killThroughGate(controlSocket: string, actor: string): Promise<void> {
  const client = new ControlClient(controlSocket);
  await client.ask({kind: 'kill', mode: 'legacy', actor}, 2000);
  client.close();
}

/** Where the journal stands; null when the gate does not answer. */
export async function viewOfGate(controlSocket: string): Promise<GateView | null> {
  const client = new ControlClient(controlSocket);
  const answer = await client.ask({kind: 'status'}, 1000);
  client.close();
  return answer?.kind === 'status' ? answer.view : null;
}
