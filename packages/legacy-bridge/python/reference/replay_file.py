"""Batch driver: reads framed inputs on stdin, writes the outputs and state hashes to stdout.

Input frame: u32 little-endian length, then that many bytes. A length of 0 asks for the state hash.
Answer to each: u32 count, then for each output u32 length and its bytes; a state hash is one output of 64 hex digits.
With `--base64` each input is one line of base64 instead, an empty line asks for the hash, and each answer is one JSON line
`{"out": [texts]}` or `{"hash": text}`.

    python replay_file.py --rules rulebook.json --variant idiomatic|tuned < inputs > outputs
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import struct
import sys
from typing import BinaryIO, Protocol

# The folder of this file, also under `python -I`, which leaves it out.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from order_path_parts.decision_core import OrderPath  # noqa: E402
from order_path_parts.rulebook import RulebookError, Rulebook, load_rulebook  # noqa: E402

U32 = struct.Struct("<I")
MAX_FRAME = 1 << 24
FLUSH_BYTES = 1 << 16


class Core(Protocol):
    def accept(self, raw: bytes) -> list[bytes]: ...

    def state_hash(self) -> str: ...


def make_core(variant: str, rules: Rulebook) -> Core:
    if variant == "tuned":
        from order_path_tuned_parts.tuned_core import TunedOrderPath

        return TunedOrderPath(rules)
    return OrderPath(rules)


def answer(core: Core, raw: bytes) -> bytes:
    outputs = core.accept(raw) if raw else [core.state_hash().encode("ascii")]
    parts = [U32.pack(len(outputs))]
    for output in outputs:
        parts.append(U32.pack(len(output)))
        parts.append(output)
    return b"".join(parts)


def replay_frames(core: Core, source: BinaryIO, sink: BinaryIO) -> None:
    """Answers are flushed when 64 KiB have gathered, after each state hash, and at the end, so a caller may wait for a hash."""
    gathered: list[bytes] = []
    size = 0
    while True:
        header = source.read(4)
        if len(header) < 4:
            break
        (length,) = U32.unpack(header)
        if length > MAX_FRAME:
            raise SystemExit(f"frame of {length} bytes is more than {MAX_FRAME}")
        raw = source.read(length)
        if len(raw) < length:
            break
        reply = answer(core, raw)
        gathered.append(reply)
        size += len(reply)
        if size >= FLUSH_BYTES or not length:
            sink.write(b"".join(gathered))
            sink.flush()
            gathered.clear()
            size = 0
    sink.write(b"".join(gathered))
    sink.flush()


def replay_lines(core: Core, source: BinaryIO, sink: BinaryIO) -> None:
    for line in source:
        raw = base64.b64decode(line.strip(), validate=True)
        if raw:
            reply: dict[str, object] = {"out": [frame.decode("ascii") for frame in core.accept(raw)]}
        else:
            reply = {"hash": core.state_hash()}
        sink.write(json.dumps(reply, separators=(",", ":")).encode("ascii") + b"\n")
    sink.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description="Replay framed order path inputs.")
    parser.add_argument("--rules", required=True)
    parser.add_argument("--variant", choices=("idiomatic", "tuned"), default="idiomatic")
    parser.add_argument("--base64", action="store_true", help="lines of base64 in, lines of JSON out")
    options = parser.parse_args()
    try:
        core = make_core(options.variant, load_rulebook(options.rules))
    except (OSError, ValueError) as error:
        reason = str(error) if isinstance(error, RulebookError) else f"{options.rules}: {error}"
        print(reason, file=sys.stderr)
        return 2
    replay = replay_lines if options.base64 else replay_frames
    replay(core, sys.stdin.buffer, sys.stdout.buffer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
