/**
 * Copies the frames of many messages into one block of memory. What a socket hands out may be memory of libzmq, of which a
 * small frame can hold a whole network buffer.
 */
export function ownedFrames(messages: readonly (readonly Uint8Array[])[]): Uint8Array[][] {
  let size = 0;
  for (const frames of messages) {
    for (const frame of frames) size += frame.byteLength;
  }
  const block = new Uint8Array(size);
  let at = 0;
  return messages.map((frames) => frames.map((frame) => {
    const {byteLength} = frame;
    block.set(frame, at);
    at += byteLength;
    return new Uint8Array(block.buffer, at - byteLength, byteLength);
  }));
}
