"""Decides messages with the signal service in Python: one message in hex a line, the outputs as a JSON list a line."""

import json
import sys

sys.path.insert(0, sys.argv[1])

from signals.python_features import PythonState, python_names  # noqa: E402
from signals.tick_messages import SignalService  # noqa: E402

service = SignalService(["AAA", "BBB"], python_names(), PythonState, lambda row: float(row[0] - row[2]), warmup=20, threshold=0.01, features_every=3)
for line in sys.stdin:
    print(json.dumps([frame.decode() for frame in service.accept(bytes.fromhex(line.strip()))]))
