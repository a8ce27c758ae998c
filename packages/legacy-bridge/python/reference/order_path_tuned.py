"""The order path as a performance engineer would leave it in Python: the fairest baseline for whatever replaces it.

    python order_path_tuned.py --rules rulebook.json --in ipc:///run/oms/in --out tcp://127.0.0.1:5556

Same command line, same outputs and same state hash as `order_path.py`. Decisions: `order_path_tuned_parts`. Receiving: `--loop greedy` (the default)
blocks for the first message and then drains the socket; `blocking` waits for each. Draining from a uvloop event loop was measured too (21 against 18 to 20
microseconds of CPU a message, socket to socket) and left out: with one thing to wait for, an event loop has nothing to add.
The collector is off by default: nothing here makes cycles.
"""

from __future__ import annotations

import argparse
import os
import sys

import zmq

# The folder of this file, also under `python -I`, which leaves it out.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from order_path_parts import socket_front as front  # noqa: E402
from order_path_tuned_parts.tuned_core import TunedOrderPath  # noqa: E402

__all__ = ["TunedOrderPath"]

MAX_DRAIN = 4_096


def serve(core: TunedOrderPath, options: argparse.Namespace, served: front.Served) -> None:
    context = zmq.Context()
    source, sink = front.open_sockets(context, options)
    waiting = front.Waiting(source, sink)
    accept, receive, send = core.accept, source.recv, waiting.send
    drain = MAX_DRAIN if options.loop == "greedy" else 0
    no_block = zmq.NOBLOCK
    collector = front.Collector(options.gc, served.collections)
    front.announce(source, sink)
    try:
        while True:
            raw = waiting.receive()
            count = 1
            try:
                while True:
                    frames = accept(raw)
                    if frames:
                        served.outputs += len(frames)
                        send(frames)
                    if count > drain:
                        break
                    raw = receive(no_block)
                    count += 1
            except zmq.Again:
                pass
            finally:
                served.messages += count
            collector.after_messages(count)
    except front.StopServing:
        pass
    source.close()
    sink.close()
    context.term()


def main() -> int:
    options = front.command_line("The order path in tuned Python.", ["greedy", "blocking"], "off").parse_args()
    core = TunedOrderPath(front.rules_or_exit(options.rules))
    served = front.Served()
    serve(core, options, served)
    front.write_stats(options.stats_file, served)
    return 0


if __name__ == "__main__":
    sys.exit(main())
