import {spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, describe, expect, it} from 'vitest';
import {BatchOrderPath} from '../src/batch-frame/batch-order-path.ts';
import {FrameWriter} from '../src/batch-frame/frame-writer.ts';
import {encodeInput} from '../src/batch-frame/input-encode.ts';
import {FRAME_BYTES_MAX} from '../src/batch-frame/record-layout.ts';
import {JsonDecoder} from '../src/order/json/json-decode.ts';
import {MSG_CANCEL, MSG_FAILED, MSG_NEW, MSG_REPLACE} from '../src/order/order-event.ts';
import {readRulebook} from '../src/order/rulebook-read.ts';
import {Chance, extremeRulebook, ExtremeTraffic} from './extreme-traffic.ts';
import {orderHarness, sha256} from './order-harness.ts';
import {pythonIsMissing} from './python-replay.ts';
import {deep, seed} from './seed.ts';

const bridge = fileURLToPath(new URL('../../legacy-bridge/python/', import.meta.url));
const peer = fileURLToPath(new URL('./python_batch_peer.py', import.meta.url));
const missing = pythonIsMissing() ?? (existsSync(join(bridge, 'tandem_bridge/batch_reader.py')) ? null : 'the Python client is missing');
const folder = mkdtempSync(join(tmpdir(), 'tandem-batch-'));
afterAll(() => { rmSync(folder, {recursive: true, force: true}); });

const runPeer = (rulebook: unknown, role: 'read' | 'write', input: Buffer): Buffer => {
  const rules = join(folder, 'rulebook.json');
  writeFileSync(rules, JSON.stringify(rulebook));
  const {status, stdout, stderr} = spawnSync(process.env['TANDEM_PYTHON'] ?? 'python3', [peer, bridge, rules, role], {input, maxBuffer: 1 << 28});
  if (status !== 0) throw new Error(stderr.toString());
  return stdout;
};
const framed = (frame: Uint8Array): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(frame.length);
  return Buffer.concat([length, frame]);
};

describe.skipIf(missing !== null)(`the Python end of the binary wire${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  const runs = deep ? 60 : 4;

  it('reads what the engine writes, and writes what the engine would write', () => {
    let read = 0;
    let written = 0;
    for (let run = 0; run < runs; run++) {
      const chance = new Chance(seed + run);
      const book = extremeRulebook(chance);
      const traffic = new ExtremeTraffic(chance, book);
      const json = orderHarness(book.rulebook);
      const decoder = new JsonDecoder(json.lane.path.names);
      const frames: Buffer[] = [];
      const expected: string[] = [];
      const requests: {text: string; frame: Buffer}[] = [];
      const buffer = Buffer.alloc(FRAME_BYTES_MAX);
      const flush = (writer: FrameWriter): void => {
        if (writer.count > 0) frames.push(framed(buffer.subarray(0, writer.at)));
        writer.use(buffer, 0);
      };
      const batch = new BatchOrderPath(readRulebook(Buffer.from(JSON.stringify(book.rulebook))), {digest: sha256, hashSeed: 1}, {flush});
      batch.writer.use(buffer, 0);
      const input = new FrameWriter();
      const inputBuffer = Buffer.alloc(FRAME_BYTES_MAX);
      for (let i = 0; i < 700; i++) {
        const message = traffic.next();
        const event = decoder.decode(message);
        if (event.kind === MSG_FAILED) continue;
        input.use(inputBuffer, 0);
        encodeInput(input, event);
        const frame = Buffer.from(inputBuffer.subarray(0, input.at));
        if ([MSG_NEW, MSG_REPLACE, MSG_CANCEL].includes(event.kind)) requests.push({text: JSON.stringify(JSON.parse(Buffer.from(message).toString())), frame});
        const outputs = [...json.accept(message)];
        traffic.observe(outputs);
        expected.push(...outputs);
        batch.acceptFrame(frame);
      }
      flush(batch.writer);
      const lines = runPeer(book.rulebook, 'read', Buffer.concat(frames)).toString().split('\n').filter((line) => line !== '');
      expect(lines, `seed ${seed + run}`).toEqual(expected);
      const ours = Buffer.concat(requests.map(({frame}) => framed(frame)));
      expect(runPeer(book.rulebook, 'write', Buffer.from(requests.map(({text}) => `${text}\n`).join(''))).equals(ours), `seed ${seed + run}`).toBe(true);
      read += lines.length;
      written += requests.length;
    }
    expect(Math.min(read, written)).toBeGreaterThan(100);
  }, 120_000);
});
