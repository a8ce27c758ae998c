import {Socket} from 'node:net';
import {WireHop} from './wire-hop.ts';
import {WireLines} from './wire-lines.ts';
import type {WireReport, WireSettings} from './wire-settings.ts';

/**
 * The process of the wire tap. It forwards, and writes what it observes to the log by a second thread. Whoever started it talks to it over descriptor 3
 * (a pipe for the standard streams would make a writer wait for a stopped reader); when that one is gone the log is sealed and live goes on.
 */
let hop: WireHop | null = null;
const socket = new Socket({fd: 3, readable: true, writable: true});
const lines = new WireLines<WireSettings | {readonly do: 'stop'}, WireReport>(socket, (line) => {
  if ('do' in line) {
    void hop?.stop('asked to');
    return;
  }
  hop = new WireHop(line, (report, isNeeded) => { lines.say(report, isNeeded); });
  void hop.run().then(() => {
    // a last word may still be on its way
    if (socket.destroyed || socket.writableLength === 0) process.exit(0);
    socket.end(() => { process.exit(0); });
    setTimeout(() => { process.exit(0); }, 1000);
  });
});
socket.on('close', () => {
  if (hop === null) process.exit(0);
  void hop.stop('the program that started the tap is gone');
});
// the terminal's signals are meant for the command, which says what is to happen
process.on('SIGINT', () => undefined).on('SIGHUP', () => undefined);
process.on('SIGTERM', () => { hop?.leave(); });
