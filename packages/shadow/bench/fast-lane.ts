import {Pull, Push} from 'zeromq';

/** A lane that does next to nothing: `node fast-lane.ts <in> <out> <outputs per input>`. Shows the limit of the harness, not of a lane. */
const [inEndpoint = '', outEndpoint = '', outputsText = '2'] = process.argv.slice(2);
const outputs = Number(outputsText);
const input = new Pull({receiveHighWaterMark: 10_000});
const output = new Push({sendHighWaterMark: 10_000, linger: 500});
await input.bind(inEndpoint);
await output.bind(outEndpoint);
process.stdin.on('end', () => process.exit(0)).resume();
process.stdout.write('{"ready":true}\n');

const filler = 'x'.repeat(180);
let count = 0;
for await (const [frame] of input) {
  if (frame === undefined) continue;
  // inputs start {"n", test requests {"msgType":"1"
  if (frame[2] === 0x6e) {
    count += 1;
    for (let index = 0; index < outputs; index++) await output.send(`{"msgType":"8","refSeqNum":${count},"filler":"${filler}"}`);
    continue;
  }
  const {testReqId} = JSON.parse(String(frame)) as {testReqId: string};
  await output.send(`{"msgType":"0","refSeqNum":${count},"testReqId":"${testReqId}","stateHash":"00000000"}`);
}
