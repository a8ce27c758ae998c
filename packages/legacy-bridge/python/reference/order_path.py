"""The order path as a Python team runs it: one event loop in which ZeroMQ, order management, risk checks and execution share the time.

    python order_path.py --rules rulebook.json --in ipc:///run/oms/in --out tcp://127.0.0.1:5556

`OrderPath(rules).accept(raw)` is the same without sockets. `--loop blocking` and `--gc freeze` are the two tunings that a team tries first.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

# The folder of this file, also under `python -I`, which leaves it out.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from order_path_parts.decision_core import OrderPath  # noqa: E402
from order_path_parts.rulebook import Rulebook, RulebookError, load_rulebook, parse_rulebook  # noqa: E402

if TYPE_CHECKING:
    from order_path_parts.socket_front import Served

__all__ = ["OrderPath", "Rulebook", "RulebookError", "load_rulebook", "parse_rulebook"]


async def serve(core: OrderPath, options: argparse.Namespace, served: Served) -> None:
    import zmq.asyncio

    from order_path_parts import socket_front as front
    from order_path_parts.snapshots import Snapshots

    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    context = zmq.asyncio.Context()
    source, sink = front.open_sockets(context, options)
    collector = front.Collector(options.gc, served.collections)
    snapshots = Snapshots(options.snapshots, options.snapshot_every)

    async def pump() -> None:
        while True:
            raw = await source.recv()
            frames = core.accept(raw)
            served.messages += 1
            served.outputs += len(frames)
            for frame in frames:
                await sink.send(frame)
            snapshots.after(core)
            collector.after_messages(1)

    front.announce(source, sink, snapshots.restore(core))
    pumping = asyncio.ensure_future(pump())
    stopping = asyncio.ensure_future(stopped.wait())
    done, _ = await asyncio.wait({pumping, stopping}, return_when=asyncio.FIRST_COMPLETED)
    pumping.cancel()
    stopping.cancel()
    if pumping in done:
        pumping.result()
    source.close()
    sink.close()
    context.term()


def serve_blocking(core: OrderPath, options: argparse.Namespace, served: Served) -> None:
    import zmq

    from order_path_parts import socket_front as front
    from order_path_parts.snapshots import Snapshots

    context = zmq.Context()
    source, sink = front.open_sockets(context, options)
    waiting = front.Waiting(source, sink)
    collector = front.Collector(options.gc, served.collections)
    snapshots = Snapshots(options.snapshots, options.snapshot_every)
    front.announce(source, sink, snapshots.restore(core))
    try:
        while True:
            frames = core.accept(waiting.receive())
            served.messages += 1
            served.outputs += len(frames)
            waiting.send(frames)
            snapshots.after(core)
            collector.after_messages(1)
    except front.StopServing:
        pass
    source.close()
    sink.close()
    context.term()


def main() -> int:
    from order_path_parts import socket_front as front

    parser = front.command_line("The order path in Python.", ["asyncio", "uvloop", "blocking"], "default")
    parser.add_argument("--snapshots", default="", help="folder for snapshots of the state; empty: none")
    parser.add_argument("--snapshot-every", type=int, default=10_000, help="messages between two snapshots, at least")
    options = parser.parse_args()
    core = OrderPath(front.rules_or_exit(options.rules))
    served = front.Served()
    if options.loop == "blocking":
        serve_blocking(core, options, served)
    else:
        run = asyncio.run
        if options.loop == "uvloop":
            from uvloop import run
        run(serve(core, options, served))
    front.write_stats(options.stats_file, served)
    return 0


if __name__ == "__main__":
    sys.exit(main())
