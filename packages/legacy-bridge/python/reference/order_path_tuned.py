"""The order path as a performance engineer would leave it in Python: the fairest baseline for whatever replaces it.

    python order_path_tuned.py --rules rulebook.json --in ipc:///run/oms/in --out tcp://127.0.0.1:5556

Same command line, same outputs and same state hash as `order_path.py`. Decisions: `order_path_tuned_parts`. Receiving: `--loop greedy` (the default, the
fastest measured) blocks for the first message and then drains the socket; `blocking` waits for each; `uvloop` drains it from a libuv event loop.
The collector is off by default: nothing here makes cycles.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys

import zmq

# The folder of this file, also under `python -I`, which leaves it out.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from order_path_parts import socket_front as front  # noqa: E402
from order_path_tuned_parts.tuned_core import TunedOrderPath  # noqa: E402

__all__ = ["TunedOrderPath"]

MAX_DRAIN = 4_096


def serve_blocking(core: TunedOrderPath, options: argparse.Namespace, served: front.Served) -> None:
    waiting = front.Waiting()
    context = zmq.Context()
    source, sink = front.open_sockets(context, options)
    accept, receive, send = core.accept, source.recv, sink.send
    drain = MAX_DRAIN if options.loop == "greedy" else 0
    no_block = zmq.NOBLOCK
    collector = front.Collector(options.gc, served.collections)
    front.announce(source, sink)
    try:
        while True:
            waiting.begin()
            raw = receive()
            waiting.now = False
            count = 1
            try:
                while True:
                    frames = accept(raw)
                    if frames:
                        served.outputs += len(frames)
                        waiting.begin()
                        for frame in frames:
                            send(frame)
                        waiting.now = False
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


async def serve_event_loop(core: TunedOrderPath, options: argparse.Namespace, served: front.Served) -> None:
    """Drains the input whenever libzmq's descriptor fires; sends block, as there is nothing else to do meanwhile."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    context = zmq.Context()
    source, sink = front.open_sockets(context, options)
    collector = front.Collector(options.gc, served.collections)

    def drain() -> None:
        count = 0
        try:
            while count < MAX_DRAIN:
                raw = source.recv(zmq.NOBLOCK)
                frames = core.accept(raw)
                for frame in frames:
                    sink.send(frame)
                served.outputs += len(frames)
                count += 1
            loop.call_soon(drain)
        except zmq.Again:
            pass
        served.messages += count
        collector.after_messages(count)

    loop.add_reader(source.getsockopt(zmq.FD), drain)
    front.announce(source, sink)
    loop.call_soon(drain)
    await stopped.wait()
    source.close()
    sink.close()
    context.term()


def main() -> int:
    options = front.command_line("The order path in tuned Python.", ["greedy", "blocking", "uvloop"], "off").parse_args()
    core = TunedOrderPath(front.rules_or_exit(options.rules))
    if options.exit_on_stdin_eof:
        front.end_with_stdin()
    served = front.Served()
    if options.loop == "uvloop":
        try:
            from uvloop import run
        except ImportError:
            from asyncio import run
        run(serve_event_loop(core, options, served))
    else:
        serve_blocking(core, options, served)
    front.write_stats(options.stats_file, served)
    return 0


if __name__ == "__main__":
    sys.exit(main())
