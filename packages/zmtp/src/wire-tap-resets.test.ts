import {setTimeout as sleep} from 'node:timers/promises';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {LinkWorld, until} from './fixtures/link-world.ts';
import {dialRaw, noise, serveRaw, sha256} from './fixtures/raw-ends.ts';
import {tapLink} from './fixtures/tapped-link.ts';

let world: LinkWorld;
beforeEach(() => { world = new LinkWorld(); });
afterEach(() => world.end());

/**
 * As libzmq cuts a peer whose PONG is late: something of that peer's lies unread, so that the system says "reset" and not "done", here while the tap
 * waits for a slow reader with octets that it has read and not yet passed on.
 */
test.each([
  ['peer', 1], ['peer', 3], ['upstream', 1], ['upstream', 3],
] as const)('the %s resets behind a reader that is slow, %i writes after the tap began to wait: all that it sent still comes', async (who, more) => {
  const {front, real, record, tap} = await tapLink(world, 'ipc');
  const server = await serveRaw(world, real);
  const client = dialRaw(world, front);
  await until('both', () => server.ends.length === 1);
  const [writer, reader] = who === 'peer' ? [client, server.ends[0]!] : [server.ends[0]!, client];
  const held = (): number => tap.counts[who === 'peer' ? 'up' : 'down'].unsentBytes;
  for (const {socket} of [writer, reader]) socket.pause();
  // more than a stream reads by itself while it is paused
  reader.socket.write(noise(19, 160_000));
  await until('some of it unread', () => tap.counts[who === 'peer' ? 'down' : 'up'].bytes === 160_000);
  const bytes = noise(17, 2_000_000);
  let sentBytes = 0;
  const write = async (): Promise<void> => {
    await new Promise<void>((done) => writer.socket.write(bytes.subarray(sentBytes, sentBytes += 5000), () => { done(); }));
    await sleep(1);
  };
  while (held() < 64 * 1024) await write();
  for (let n = 0; n < more; n++) await write();
  writer.socket.destroy();
  await sleep(50);
  reader.socket.resume();
  await until('its end', () => reader.hasEnded);
  reader.socket.end();
  await until('the end', () => record.of('closed').length === 1);
  expect(record.of('closed')[0]).toMatchObject({how: 'reset', by: who});
  expect([reader.bytes, reader.hex]).toEqual([sentBytes, sha256([bytes.subarray(0, sentBytes)])]);
});
