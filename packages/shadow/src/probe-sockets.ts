import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {TandemError} from '@tandem/contract';
import {openPull, openPush} from './endpoint/open-socket.ts';
import {receiveBurst} from './endpoint/receive-burst.ts';
import {createSender} from './endpoint/sender.ts';

const LIMIT_MS = 3000;

/** Sends one message to ourselves over ipc and tcp; says what was seen. Throws an environment error when one does not arrive. */
export const probeSockets = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'tdm-probe-'));
  try {
    const ipcUs = await roundTripUs(`ipc://${join(folder, 'probe')}`);
    return `a message over ipc took ${Math.round(ipcUs)} µs`;
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
};

const roundTripUs = async (endpoint: string): Promise<number> => {
  const pull = await openPull({bind: endpoint});
  const push = await openPush({connect: endpoint});
  const sender = createSender(push);
  let timer: NodeJS.Timeout | undefined;
  try {
    const startedMs = performance.now();
    const arrived = new Promise<number>((done, failed) => {
      timer = setTimeout(() => { failed(new TandemError({id: 'TDM-E137', kind: 'environment', what: 'a message over ipc did not arrive', where: endpoint, seen: `nothing within ${LIMIT_MS} ms`, fix: 'allow unix sockets in the temporary folder'})); }, LIMIT_MS);
      receiveBurst(pull, () => { done((performance.now() - startedMs) * 1000); });
    });
    sender.offer(Buffer.from('probe'));
    return await arrived;
  } finally {
    clearTimeout(timer);
    sender.close();
    push.close();
    pull.close();
  }
};
