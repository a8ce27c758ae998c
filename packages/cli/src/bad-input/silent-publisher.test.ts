import {existsSync} from 'node:fs';
import {createServer} from 'node:net';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {BenchFolder} from './fixtures/bench-folder.ts';
import {livePublisher} from './fixtures/live-publisher.ts';
import {tandem} from './fixtures/tandem-process.ts';

type Publisher = Awaited<ReturnType<typeof livePublisher>>;
/** A port on loopback on which nothing listens. */
const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done); });
  const {port} = server.address() as {port: number};
  await new Promise((done) => server.close(done));
  return port;
};

describe('recording where nothing comes', {timeout: 60_000}, () => {
  const bench = new BenchFolder();
  let silent: Publisher, talking: Publisher, nobody = '';
  beforeAll(async () => {
    [silent, talking] = await Promise.all([livePublisher(0), livePublisher(500, 'orders.')]);
    nobody = `tcp://127.0.0.1:${await freePort()}`;
  });
  afterAll(async () => {
    await silent.end();
    await talking.end();
    expect(bench.leftBehind()).toEqual([]);
    bench.remove();
  });

  it.concurrent.each([
    ['nobody listens', () => nobody, '', /no connection after \d+ attempts/, /not running/, /start the publisher/],
    ['nothing is published', () => silent.endpoint, '', /handshake done, 0 messages for topics ""/, /nothing is published/, /look at the publisher/],
    ['the topic matches nothing', () => talking.endpoint, 'fills.', /handshake done, 0 messages for topics "fills\."; subscribed to everything for a second: "orders\." x \d+/, /other topics/, /subscribe to one of these/],
  ] as const)('%s: it ends with --for, says what was seen, and leaves no empty capture in the way', async (name, endpoint, topic, seen, likely, fix) => {
    const out = bench.at(name.replaceAll(' ', '-'));
    const {code, json, err} = await tandem(['record', '--endpoint', endpoint(), '--topic', topic, '--out', out, '--for', '1500ms', '--json'], {temporary: bench.temporary});
    expect(code).toBe(11);
    expect(json().error).toMatchObject({id: 'TDM-E282', where: endpoint(), seen: expect.stringMatching(seen) as string, likely: expect.stringMatching(likely) as string, fix: expect.stringMatching(fix) as string});
    expect(err).toContain('TDM-E282');
    expect(existsSync(out)).toBe(false);
  });

  it.concurrent('shadowing says the same', async () => {
    const migration = bench.migration({edit: (text) => text.replace('tcp://127.0.0.1:1', silent.endpoint)});
    const {code, err} = await tandem(['shadow', '-c', migration, '--runs', bench.at('runs'), '--for', '1500ms'], {temporary: bench.temporary});
    expect(code).toBe(11);
    expect(err).toMatch(/TDM-E282[\s\S]*nothing is published/);
  });

  it.concurrent('an endpoint that is none is refused at once', async () => {
    for (const [endpoint, seen] of [['banana', /none of tcp/], ['tcp://127.0.0.1:99999', /above 65535/]] as const) {
      const {code, json} = await tandem(['record', '--endpoint', endpoint, '--out', bench.at('refused'), '--json'], {temporary: bench.temporary});
      expect(code).toBe(2);
      expect(json().error).toMatchObject({id: 'TDM-E201', where: endpoint, seen: expect.stringMatching(seen) as string, fix: expect.stringMatching(/\S/) as string});
    }
  });
});
