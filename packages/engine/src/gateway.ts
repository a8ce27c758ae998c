import {TandemError} from '@tandem/contract';
import {checkEndpoint} from './gateway-endpoint.ts';
import {FastGateway} from './gateway-fast.ts';
import type {Gateway, GatewayEndpoints} from './gateway-port.ts';

export type {Gateway, GatewayEndpoints, GatewayPath} from './gateway-port.ts';

const HERE = /^(?:ipc:\/\/(?![@*])|tcp:\/\/(?:127(?:\.\d{1,3}){3}|localhost|\[::1\]):)/;

const canBeFast = ({in: input, out, inPattern, inConnect}: GatewayEndpoints): boolean => HERE.test(input) && HERE.test(out) && (inPattern === 'pull' || inConnect);

/**
 * Opens the input and the output of a lane. libzmq is not even loaded where it is not needed.
 * @throws TandemError TDM-E401 when `fast` was asked for and cannot be, TDM-E402 when an endpoint is taken, TDM-E403 when it is not on this machine
 */
export const openGateway = async (endpoints: GatewayEndpoints): Promise<Gateway> => {
  const {transport, insecurePlaintext} = endpoints;
  for (const endpoint of [endpoints.out, endpoints.in]) checkEndpoint(endpoint, insecurePlaintext);
  const isFast = transport !== 'zeromq' && canBeFast(endpoints);
  if (isFast) return FastGateway.open(endpoints);
  if (transport === 'fast') {
    throw new TandemError({
      id: 'TDM-E401', kind: 'usage', what: 'the fast transport is for ipc and loopback tcp, and binds no subscriber', where: `${endpoints.in}, ${endpoints.out}`,
      fix: 'leave --transport out, or use --transport zeromq',
    });
  }
  const {ZeromqGateway} = await import('./gateway-zeromq.ts');
  return ZeromqGateway.open(endpoints);
};
