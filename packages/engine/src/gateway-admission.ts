import {setTimeout as sleep} from 'node:timers/promises';
import {Reply} from 'zeromq';

/**
 * Who may speak to our sockets. Without this a default socket takes whatever connects: a port scan becomes orders. libzmq asks this handler
 * once per connection (ZAP, RFC 27); without an answer nobody is let in. Only plain connections from this machine are, and from hosts that
 * were named.
 */
const ZAP_ENDPOINT = 'inproc://zeromq.zap.01';
/** names our sockets to the handler; a socket with a domain is checked */
export const ADMISSION_DOMAIN = 'tandem-engine';

const LOCAL = /^(?:127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3}|localhost(?::.*)?|)$/;

/** libzmq lets go of a closed socket's address a moment later */
const BIND_TRIES = 100;
const BIND_WAIT_MS = 5;

const bindHandler = async (socket: Reply): Promise<void> => {
  for (let tries = 1; ; tries++) {
    try {
      await socket.bind(ZAP_ENDPOINT);
      return;
    } catch (error) {
      if (tries === BIND_TRIES || !(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
      await sleep(BIND_WAIT_MS);
    }
  }
};

/** The handler of this process: one for all gateways, bound before the first opens and closed after the last. */
class Admission {
  admitted = 0;
  refused = 0;
  private users = 0;
  private remoteUsers = 0;
  private socket: Reply | null = null;
  private ready: Promise<void> = Promise.resolve();

  /** @param fromAnywhere a gateway was told to talk in the clear with another host */
  async join(fromAnywhere: boolean): Promise<void> {
    this.users++;
    if (fromAnywhere) this.remoteUsers++;
    if (this.socket === null) {
      this.socket = new Reply({linger: 0});
      this.ready = bindHandler(this.socket);
      // when it breaks or is closed, libzmq refuses every new connection
      void this.ready.then(() => this.serve(this.socket!)).catch(() => undefined);
    }
    await this.ready;
  }

  leave(fromAnywhere: boolean): void {
    this.users--;
    if (fromAnywhere) this.remoteUsers--;
    if (this.users > 0) return;
    this.socket?.close();
    this.socket = null;
  }

  private async serve(socket: Reply): Promise<void> {
    for await (const [protocol, id, domain, address, , mechanism] of socket) {
      const isOurs = String(domain) === ADMISSION_DOMAIN && String(mechanism) === 'NULL' && (LOCAL.test(String(address)) || this.remoteUsers > 0);
      if (isOurs) this.admitted++;
      else this.refused++;
      await socket.send([protocol!, id!, isOurs ? '200' : '400', isOurs ? 'OK' : 'only this machine', '', '']);
    }
  }
}

export const admission: Admission = new Admission();
