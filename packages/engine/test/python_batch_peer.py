"""The Python end of the binary wire, for tests: `read` prints the outputs of frames as JSON lines, `write` makes frames of requests.

    python python_batch_peer.py <folder of tandem_bridge> <rulebook.json> read|write < input > output

read: u32 length + frame on stdin; one line of compact JSON per output on stdout, an empty line behind each frame.
write: one JSON request (D, G, F) per line on stdin; u32 length + frame on stdout, one frame each.
"""

import json
import struct
import sys

sys.path.insert(0, sys.argv[1])

from tandem_bridge.batch_reader import BatchReader  # noqa: E402
from tandem_bridge.batch_writer import BatchWriter  # noqa: E402
from tandem_bridge.desk_names import DeskNames  # noqa: E402
from tandem_bridge.order_requests import CancelOrder, NewOrder, ReplaceOrder  # noqa: E402

with open(sys.argv[2], encoding="utf-8") as file:
    NAMES = DeskNames(json.load(file))


def read() -> None:
    reader = BatchReader(NAMES)
    while header := sys.stdin.buffer.read(4):
        frame = sys.stdin.buffer.read(struct.unpack("<I", header)[0])
        for view in reader.read(memoryview(frame)):
            print(json.dumps(view.as_fields(), separators=(",", ":")))
        print()
    if reader.counts.dropped:
        raise SystemExit(f"{reader.counts.dropped} records dropped")


def request(fields: dict):
    head = (fields["account"], fields["symbol"], fields["clOrdId"])
    if fields["msgType"] == "F":
        return CancelOrder(*head, fields["origClOrdId"])
    if fields["msgType"] == "G":
        return ReplaceOrder(*head, fields["origClOrdId"], fields["orderQty"], fields["price"])
    return NewOrder(
        *head, fields["side"], fields["ordType"], fields["orderQty"], fields.get("price"), fields.get("stopPx"), fields["tif"],
        fields.get("expireTime"), "execInst" in fields,
    )


def write() -> None:
    for line in sys.stdin:
        fields = json.loads(line)
        writer = BatchWriter(NAMES, epoch=1)
        writer.append(request(fields), fields["msgSeqNum"], fields["transactTime"], 0)
        (frame,) = writer.take(0)
        sys.stdout.buffer.write(struct.pack("<I", len(frame)) + frame)


if __name__ == "__main__":
    read() if sys.argv[3] == "read" else write()
