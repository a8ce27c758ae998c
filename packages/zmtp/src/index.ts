export {bindPull, bindPush, type BindOptions} from './bind-socket.ts';
export {connectPull, connectPush, connectSub, type ConnectOptions} from './connect-socket.ts';
export type {OutMessage} from './batch-writer.ts';
export type {Ending} from './connection.ts';
export {LINK_LIMITS, RECONNECT, type LinkCounts, type LinkLimits, type Reconnect} from './link-limits.ts';
export type {ReceiveOptions} from './receiver.ts';
export type {SendCounts, SendOptions} from './sender.ts';
export type {Dialled, PullSocket, PushSocket} from './sockets.ts';
export {ZmtpError, type ZmtpErrorCode} from './zmtp-error.ts';
