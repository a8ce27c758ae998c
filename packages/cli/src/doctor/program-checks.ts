import {findPython} from '../session-plan.ts';
import {ok, type Check} from './check.ts';

/** Python with pyzmq, and ZeroMQ in this process with a socket on loopback. */
export const programChecks = (say: (line: string) => void): readonly Check[] => [
  {id: 'python', label: 'Python with pyzmq', look: async () => {
    const {version, zmqVersion, origin} = await findPython(say);
    return ok(`${version}, pyzmq ${zmqVersion} (${origin})`);
  }},
  {id: 'zeromq', label: 'ZeroMQ', look: async () => {
    const {probeSockets} = await import('@tandem/shadow');
    return ok(await probeSockets());
  }},
];
