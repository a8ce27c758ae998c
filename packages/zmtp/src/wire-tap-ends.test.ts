import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {LinkWorld, until} from './fixtures/link-world.ts';
import {dialRaw, noise, serveRaw, sha256} from './fixtures/raw-ends.ts';
import {tapLink, type LinkKind} from './fixtures/tapped-link.ts';

let world: LinkWorld;
beforeEach(() => { world = new LinkWorld(); });
afterEach(() => world.end());

describe.each<LinkKind>(['ipc', 'tcp'])('%s', (kind) => {
  test.each(['peer', 'upstream'] as const)('the %s is done, and the other goes on', async (first) => {
    const {front, real, record} = await tapLink(world, kind);
    const server = await serveRaw(world, real);
    const client = dialRaw(world, front);
    await until('both', () => server.ends.length === 1);
    const [one, other] = first === 'peer' ? [client, server.ends[0]!] : [server.ends[0]!, client];
    one.socket.end('the last word');
    await until('its end', () => other.hasEnded);
    expect(other.bytes).toBe(13);
    const rest = noise(1, 500_000);
    other.socket.write(rest);
    await until('what the other says', () => one.bytes === rest.length);
    other.socket.end();
    await until('the end', () => record.of('closed').length === 1);
    expect([one.hex, record.of('closed').map(({how, by}) => `${how} ${by}`)]).toEqual([sha256([rest]), [`ended ${first}`]]);
  });

  test.each(['peer', 'upstream'] as const)('the %s breaks off: the other is told, behind what had come', async (first) => {
    const {front, real, record, tap} = await tapLink(world, kind);
    const server = await serveRaw(world, real);
    const client = dialRaw(world, front);
    await until('both', () => server.ends.length === 1);
    const [one, other] = first === 'peer' ? [client, server.ends[0]!] : [server.ends[0]!, client];
    one.socket.write('before');
    await until('it', () => other.bytes === 6);
    if (kind === 'tcp') one.socket.resetAndDestroy();
    else one.socket.destroy();
    await until('the break', () => other.isClosed || other.hasEnded);
    other.socket.end();
    await until('the end', () => record.of('closed').length === 1);
    // a unix socket that is closed with nothing unread looks like one that is done
    const isReset = kind === 'tcp';
    expect(record.of('closed')[0]).toMatchObject({how: isReset ? 'reset' : 'ended', by: first, code: isReset ? 'ECONNRESET' : null});
    expect([other.hasEnded, other.hex]).toEqual([true, sha256([Buffer.from('before')])]);
    expect(tap.counts).toMatchObject({open: 0, reset: isReset ? 1 : 0});
  });

  test('a stopped reader: the writer waits, memory stays, nothing is lost when it goes on', async () => {
    const {front, real, tap} = await tapLink(world, kind, {mode: 'splice'});
    const server = await serveRaw(world, real, true);
    const client = dialRaw(world, front);
    await until('both', () => server.ends.length === 1);
    const bytes = noise(9, 64 * 1024 * 1024);
    client.socket.end(bytes);
    await until('it to stand still', (() => {
      let last = -1;
      let same = 0;
      return () => {
        same = tap.counts.up.bytes === last && last > 0 ? same + 1 : 0;
        last = tap.counts.up.bytes;
        return same > 40;
      };
    })());
    const {up} = tap.counts;
    // what it read beyond the kernel's room waits here: at most one read more than the mark
    expect(up.unsentBytes).toBeLessThanOrEqual(128 * 1024);
    expect(up.bytes).toBeLessThan(40 * 1024 * 1024);
    const [other] = server.ends;
    other!.socket.resume();
    await until('all of it', () => other!.hasEnded, 20_000);
    expect([other!.bytes, other!.hex]).toEqual([bytes.length, sha256([bytes])]);
  });

  test('full buffers at the close: a reader that was slow still gets all', async () => {
    const {front, real, record} = await tapLink(world, kind);
    const server = await serveRaw(world, real, true);
    const client = dialRaw(world, front);
    const bytes = noise(11, 1024 * 1024);
    client.socket.end(bytes);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    server.ends[0]!.socket.resume();
    await until('all', () => server.ends[0]!.hasEnded);
    expect(server.ends[0]!.bytes).toBe(bytes.length);
    server.ends[0]!.socket.end();
    await until('the end', () => record.of('closed').length === 1);
    expect(record.of('closed')[0]).toMatchObject({how: 'ended', up: {bytes: bytes.length, unsentBytes: 0}});
  });

  test('a peer that has closed and is written to: what it left is still read and delivered', async () => {
    const {front, real, record} = await tapLink(world, kind);
    const server = await serveRaw(world, real, true);
    const client = dialRaw(world, front);
    await until('both', () => server.ends.length === 1);
    const [other] = server.ends;
    // as much as fits between the two kernels
    const bytes = noise(13, 400_000);
    await new Promise<void>((resolve) => client.socket.write(bytes, () => resolve()));
    client.socket.destroy();
    await until('it to be closed', () => client.isClosed);
    for (let n = 0; n < 3; n++) {
      other!.socket.write('a heartbeat');
      await new Promise((resolve) => { setTimeout(resolve, 30); });
    }
    other!.socket.resume();
    await until('all', () => other!.hasEnded);
    other!.socket.end();
    await until('the end', () => record.of('closed').length === 1);
    // over tcp the system itself throws away what the peer's side had not handed over; what reached us is delivered
    const takenBytes = kind === 'ipc' ? bytes.length : record.of('closed')[0]!.up.bytes;
    expect(takenBytes).toBeGreaterThan(64 * 1024);
    expect([other!.bytes, other!.hex]).toEqual([takenBytes, sha256([bytes.subarray(0, takenBytes)])]);
    expect(record.of('closed')[0]).toMatchObject({by: 'peer', up: {bytes: takenBytes, unsentBytes: 0}});
  });

  test('one side done and the other silent for too long: both are closed', async () => {
    const {front, real, record} = await tapLink(world, kind, {limits: {halfOpenMs: 50}});
    const server = await serveRaw(world, real);
    const client = dialRaw(world, front);
    client.socket.end('bye');
    await until('the end', () => record.of('closed').length === 1);
    expect(record.of('closed')[0]).toMatchObject({how: 'half-open', by: 'peer'});
    await until('both', () => server.ends[0]!.isClosed || server.ends[0]!.hasEnded);
  });

  test('upstream absent: the peer is turned away, and gets through when it is there', async () => {
    const {front, real, record, tap} = await tapLink(world, kind);
    const early = dialRaw(world, front);
    await until('the refusal', () => early.isClosed || early.hasEnded);
    await until('the event', () => record.of('closed').length === 1);
    expect(record.of('closed')[0]).toMatchObject({how: 'upstream-absent', by: 'upstream', code: kind === 'ipc' ? 'ENOENT' : 'ECONNREFUSED'});
    for (const n of [1, 2]) {
      const server = await serveRaw(world, real);
      const late = dialRaw(world, front);
      late.socket.write('now');
      await until('it', () => server.ends[0]?.bytes === 3);
      server.close();
      await until('the end of upstream', () => late.hasEnded || late.isClosed);
      late.socket.end();
      await until('its end', () => tap.counts.closed === 1 + n);
    }
    expect(tap.counts).toMatchObject({opened: 3, open: 0, upstreamAbsent: 1});
  });

  test('one connection too many is turned away', async () => {
    const {front, real, tap} = await tapLink(world, kind, {limits: {connectionsMax: 2}});
    const server = await serveRaw(world, real);
    const ends = [dialRaw(world, front), dialRaw(world, front)];
    await until('two', () => server.ends.length === 2);
    const third = dialRaw(world, front);
    await until('its end', () => third.isClosed || third.hasEnded);
    ends[1]!.socket.write('still here');
    await until('the second', () => server.ends[1]!.bytes === 10);
    expect(tap.counts).toMatchObject({open: 2, tooMany: 1});
  });

  test('closed: what it had taken is delivered, and nobody is left', async () => {
    const {front, real, tap, record} = await tapLink(world, kind);
    const server = await serveRaw(world, real);
    const client = dialRaw(world, front);
    client.socket.write(noise(2, 100_000));
    await until('all', () => server.ends[0]?.bytes === 100_000);
    await tap.close();
    await until('both', () => client.hasEnded && server.ends[0]!.hasEnded);
    expect([tap.counts.open, record.of('closed')[0]?.how]).toEqual([0, 'tap-closed']);
    const after = dialRaw(world, front);
    await until('the refusal', () => after.code !== null);
  });
});
