import * as zmq from 'zeromq';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {LinkWorld, until} from './fixtures/link-world.ts';
import {tapLink} from './fixtures/tapped-link.ts';
import {serveZap} from './fixtures/zap-handler.ts';

let world: LinkWorld;
beforeEach(() => { world = new LinkWorld(); });
afterEach(() => world.end());

test('PLAIN: who has the password gets through, who has not is refused by the real end; the password is told to nobody', async () => {
  world.later(await serveZap({username: 'anna', password: 'geheim'}));
  const {real, front, record} = await tapLink(world, 'ipc');
  const router = world.keep(new zmq.Router({plainServer: true, zapDomain: 'test'}));
  await router.bind(real);
  const good = world.keep(new zmq.Dealer({linger: 0, plainUsername: 'anna', plainPassword: 'geheim', routingId: 'me'}));
  good.connect(front);
  await good.send(['a', 'b']);
  const got = await router.receive();
  expect(got.map(String)).toEqual(['me', 'a', 'b']);
  await router.send([got[0]!, 'back']);
  expect(String((await good.receive())[0])).toBe('back');
  const bad = world.keep(new zmq.Dealer({linger: 0, plainUsername: 'anna', plainPassword: 'geraten', reconnectInterval: 10_000}));
  bad.connect(front);
  await bad.send('never');
  await until('the refusal', () => record.of('refused').length === 1);
  expect(record.of('refused')[0]).toMatchObject({direction: 'down', reason: '400'});
  expect(record.of('handshake')).toMatchObject([{mechanism: 'PLAIN', up: {socketType: 'DEALER', identity: 'me'}, down: {socketType: 'ROUTER'}}]);
  expect(record.texts).toEqual(['1 up a|b', '1 down back']);
  expect(JSON.stringify([record.events, record.texts])).not.toMatch(/geheim|geraten|anna/);
});

test('CURVE: passes, and of it there are count and size only', async () => {
  const [ours, theirs] = [zmq.curveKeyPair(), zmq.curveKeyPair()];
  world.later(await serveZap(null, zmq85(ours.publicKey)));
  const {real, front, record, tap} = await tapLink(world, 'tcp');
  const pull = world.keep(new zmq.Pull({curveServer: true, curveSecretKey: theirs.secretKey, zapDomain: 'test'}));
  await pull.bind(real);
  const push = world.keep(new zmq.Push({linger: 0, curveServerKey: theirs.publicKey, curvePublicKey: ours.publicKey, curveSecretKey: ours.secretKey, heartbeatInterval: 50}));
  push.connect(front);
  for (let n = 0; n < 100; n++) await push.send(['secret', `part ${n}`]);
  for (let n = 0; n < 100; n++) expect((await pull.receive()).map(String)).toEqual(['secret', `part ${n}`]);
  await until('them', () => tap.counts.up.opaqueFrames >= 200);
  expect(tap.counts.up.opaqueBytes).toBeGreaterThan(200 * 33);
  expect(record.of('opaque')).toMatchObject([{reason: 'curve'}]);
  expect(record.of('handshake')).toMatchObject([{mechanism: 'CURVE', up: {socketType: null, identity: ''}, down: {socketType: null}}]);
  expect([record.texts, tap.counts.up.messages]).toEqual([[], 0]);
  const stranger = zmq.curveKeyPair();
  const bad = world.keep(new zmq.Push({linger: 0, curveServerKey: theirs.publicKey, curvePublicKey: stranger.publicKey, curveSecretKey: stranger.secretKey, reconnectInterval: 10_000}));
  bad.connect(front);
  await until('the refusal', () => record.of('refused').length === 1);
  expect(record.of('refused')[0]).toMatchObject({reason: '400'});
});

test('a client without a password before a server that wants one: refused by the real end', async () => {
  world.later(await serveZap({username: 'anna', password: 'geheim'}));
  const {real, front, record, tap} = await tapLink(world, 'ipc');
  const pull = world.keep(new zmq.Pull({plainServer: true, zapDomain: 'test'}));
  await pull.bind(real);
  const push = world.keep(new zmq.Push({linger: 0, reconnectInterval: 20}));
  push.connect(front);
  push.send('never').catch(() => undefined);
  await until('the end', () => tap.counts.closed >= 1);
  expect([record.texts, record.of('handshake')]).toEqual([[], []]);
});

/** The 32 octets of a key in Z85. */
function zmq85(key: string): Buffer {
  const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';
  const bytes = Buffer.alloc(32);
  for (let at = 0; at < 8; at++) bytes.writeUInt32BE([...key.slice(at * 5, at * 5 + 5)].reduce((sum, letter) => sum * 85 + alphabet.indexOf(letter), 0), at * 4);
  return bytes;
}
