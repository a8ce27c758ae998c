import {readyCommand} from './command.ts';
import type {SocketType} from './socket-type.ts';

/** What a handshake does at a command. `peer`: the properties of a peer that is now accepted. */
export interface Step {
  readonly send?: Uint8Array;
  readonly peer?: Uint8Array;
  readonly refusal?: string;
}

/** One connection's way from the greetings to the first message. */
export interface Handshake {
  /** what we send when the peer's greeting has come */
  readonly opening: Uint8Array | null;
  /** a command that came before the handshake was done */
  take(name: string, data: Uint8Array): Step;
}

/** How the ends of a socket's links shake hands. */
export interface Mechanism {
  readonly name: 'NULL' | 'PLAIN';
  readonly isServer: boolean;
  begin(type: SocketType): Handshake;
}

/** Nobody proves anything: both say READY. */
export const NULL_MECHANISM: Mechanism = {
  name: 'NULL', isServer: false,
  begin: (type) => ({
    opening: readyCommand(type),
    take: (name, data) => (name === 'READY' ? {peer: data} : name === 'ERROR' ? {refusal: errorReason(data)} : unexpected(name)),
  }),
};

/** A command that has no place here; heartbeats neither, before the handshake is done. */
export function unexpected(name: string): Step {
  return {refusal: `${name.replace(/[^A-Z]/g, '?').slice(0, 10)} in the handshake`};
}

/** The reason in the data of ERROR, as far as it can be shown. */
export function errorReason(data: Uint8Array): string {
  const text = Buffer.from(data.subarray(1, 1 + Math.min(data[0] ?? 0, 60))).toString('latin1').replace(/[^ -~]/g, '?');
  return text === '' ? 'it refused the connection' : `it refused the connection: ${text}`;
}

