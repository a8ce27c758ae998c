"""The signal service as a Python team runs it: ticks over ZeroMQ, features in numpy or pandas, a LightGBM model, one event loop.

    python signal_path.py --symbols BTCUSDT,ETHUSDT --model model.txt --in ipc:///run/signals/in --out tcp://127.0.0.1:5566

`--features-by numpy` is what runs in production; `pandas` is the research loop; `python` keeps state and needs neither.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from typing import Any, Callable

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from order_path_parts import socket_front as front  # noqa: E402
from signals.tick_messages import SignalService  # noqa: E402


def command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Features and signals in Python.")
    parser.add_argument("--symbols", required=True, help="names with commas between")
    parser.add_argument("--model", help="a LightGBM model as text; without it signals are null")
    parser.add_argument("--features-by", choices=("numpy", "pandas", "python"), default="numpy")
    parser.add_argument("--features-every", type=int, default=1)
    parser.add_argument("--warmup", type=int, default=1001, help="ticks of a symbol before its first signal")
    parser.add_argument("--threshold", type=float, default=0.0)
    parser.add_argument("--in", dest="source", required=True)
    parser.add_argument("--out", dest="sink", required=True)
    parser.add_argument("--in-pattern", choices=("pull", "sub"), default="pull")
    parser.add_argument("--connect", action="store_true")
    parser.add_argument("--in-connect", action="store_true")
    parser.add_argument("--out-connect", action="store_true")
    parser.add_argument("--gc", choices=("default", "freeze", "off"), default="default")
    parser.add_argument("--stats-file")
    parser.add_argument("--exit-on-stdin-eof", action="store_true")
    return parser


def features_by(kind: str) -> tuple[list[str], Callable[[], Any]]:
    """Names and a maker of one symbol's features; imports only what the kind needs."""
    if kind == "numpy":
        from signals.feature_names import feature_names
        from signals.numpy_features import NumpyLast

        return feature_names(), NumpyLast
    if kind == "pandas":
        from signals.feature_names import feature_names
        from signals.pandas_features import PandasLoop

        return feature_names(), PandasLoop
    from signals.python_features import PythonState, python_names

    return python_names(), PythonState


def predictor(path: str | None, names: list[str]) -> Callable[[Any], float]:
    if path is None:
        return lambda row: float("nan")
    from signals.models import lightgbm_predictor

    return lightgbm_predictor(path, names)


async def serve(service: SignalService, options: argparse.Namespace, served: front.Served) -> None:
    import zmq.asyncio

    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    context = zmq.asyncio.Context()
    source, sink = front.open_sockets(context, options)
    collector = front.Collector(options.gc, served.collections)

    async def pump() -> None:
        while True:
            raw = await source.recv()
            frames = service.accept(raw)
            served.messages += 1
            served.outputs += len(frames)
            for frame in frames:
                await sink.send(frame)
            collector.after_messages(1)

    front.announce(source, sink)
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


def main() -> int:
    options = command_line().parse_args()
    names, make_features = features_by(options.features_by)
    service = SignalService(
        options.symbols.split(","), names, make_features, predictor(options.model, names),
        warmup=options.warmup, threshold=options.threshold, features_every=options.features_every,
    )
    served = front.Served()
    asyncio.run(serve(service, options, served))
    front.write_stats(options.stats_file, served)
    return 0


if __name__ == "__main__":
    sys.exit(main())
