"""Gathers requests into batched binary frames. Time is an argument, so that the flush rules can be tested and replayed."""

from __future__ import annotations

import zlib
from typing import Optional, Union

from . import batch_layout as layout
from .desk_names import DeskNames
from .order_requests import CancelOrder, NewOrder, ReplaceOrder

Request = Union[NewOrder, ReplaceOrder, CancelOrder]

MAX_WAIT_NS = 200_000
TRAILER_EVERY_NS = 100_000_000
# The largest record here is a replace with both names.
FRAME_BYTES = layout.MAX_RECORDS * (layout.HEADER.size + layout.REPLACE.size + 2 * layout.ID_BYTES)
_ABSENT = (0, 0, layout.ABSENT_DIGITS, 0, 0)


def decimal_parts(text: Optional[str]) -> tuple[int, int, int, int, int]:
    """Decimal text as whole, fraction, digits, negative, 0."""
    if text is None:
        return _ABSENT
    negative = text.startswith("-")
    whole, _, fraction = text[negative:].partition(".")
    return int(whole), int(fraction or "0"), len(fraction), int(negative), 0


def id_bytes(text: str) -> bytes:
    encoded = text.encode("ascii")
    return encoded.ljust(layout.ID_TEXT_BYTES, b"\0") + bytes((len(encoded), 0, 0, 0))


class BatchWriter:
    """One frame being filled. `take` ends it and returns its octets."""

    def __init__(self, names: DeskNames, epoch: int, source_id: int = 0, checksums: bool = True) -> None:
        self._names = names
        self._epoch = epoch
        self._source_id = source_id
        self._checksums = checksums
        self._frame = bytearray(FRAME_BYTES)
        self._at = 0
        self._records = 0
        self._oldest_ns = 0
        self._trailer_ns: Optional[int] = None
        self._last_seq = 0
        self._sent_records = 0
        self._sent_bytes = 0

    @property
    def records(self) -> int:
        return self._records

    def append(self, request: Request, seq: int, transact_time_us: int, mono_ns: int) -> None:
        """Adds a request that has been checked. The frame must not be full."""
        if self.full:
            raise BufferError("the frame is full; take it first")
        account = self._names.account_numbers.get(request.account, layout.BY_NAME)
        symbol = self._names.symbol_numbers.get(request.symbol, layout.BY_NAME)
        at = self._at + layout.HEADER.size
        if isinstance(request, NewOrder):
            kind, length = ord("D"), layout.NEW_ORDER.size
            self._pack_new(at, request, transact_time_us, account, symbol)
        elif isinstance(request, ReplaceOrder):
            kind, length = ord("G"), layout.REPLACE.size
            layout.REPLACE.pack_into(
                self._frame, at, transact_time_us, account, symbol, 0, *decimal_parts(request.order_qty),
                *decimal_parts(request.price), id_bytes(request.cl_ord_id), id_bytes(request.orig_cl_ord_id),
            )
        else:
            kind, length = ord("F"), layout.CANCEL.size
            layout.CANCEL.pack_into(
                self._frame, at, transact_time_us, account, symbol, 0, id_bytes(request.cl_ord_id), id_bytes(request.orig_cl_ord_id)
            )
        flags = 0
        for flag, number, name in ((layout.ACCOUNT_NAMED, account, request.account), (layout.SYMBOL_NAMED, symbol, request.symbol)):
            if number == layout.BY_NAME:
                flags |= flag
                self._frame[at + length : at + length + layout.ID_BYTES] = id_bytes(name)
                length += layout.ID_BYTES
        self._finish(kind, flags, length, seq, mono_ns)
        self._last_seq = max(self._last_seq, seq)

    def append_test_request(self, test_req_id: str, state_hash: bool, mono_ns: int) -> None:
        if self.full:
            raise BufferError("the frame is full; take it first")
        at = self._at + layout.HEADER.size
        layout.TEST_REQUEST.pack_into(self._frame, at, ord("1") if state_hash else ord("0"), id_bytes(test_req_id))
        self._finish(ord("1"), 0, layout.TEST_REQUEST.size, 0, mono_ns)

    @property
    def full(self) -> bool:
        return self._records >= layout.MAX_RECORDS

    def due(self, mono_ns: int) -> bool:
        """Whether the frame should be sent now: it is full, its oldest record has waited long enough, or a trailer is due."""
        if self._records and (self.full or mono_ns - self._oldest_ns >= MAX_WAIT_NS):
            return True
        return self.trailer_due(mono_ns)

    def trailer_due(self, mono_ns: int) -> bool:
        if self._trailer_ns is None:
            self._trailer_ns = mono_ns
        return mono_ns - self._trailer_ns >= TRAILER_EVERY_NS

    def take(self, mono_ns: int) -> list[bytes]:
        """The frame so far, if it holds anything, and a frame with a trailer, if one is due."""
        frames: list[bytes] = []
        if self._records:
            frames.append(self._cut())
        if self.trailer_due(mono_ns):
            self._trailer_ns = mono_ns
            layout.TRAILER.pack_into(
                self._frame, layout.HEADER.size, self._epoch, 0, self._last_seq, self._sent_records, self._sent_bytes
            )
            records, sent_bytes = self._sent_records, self._sent_bytes
            self._finish(layout.KIND_TRAILER, 0, layout.TRAILER.size, self._last_seq, mono_ns)
            frames.append(self._cut())
            # A trailer does not count itself.
            self._sent_records, self._sent_bytes = records, sent_bytes
        return frames

    def _cut(self) -> bytes:
        frame = bytes(memoryview(self._frame)[: self._at])
        self._at = 0
        self._records = 0
        return frame

    def _pack_new(self, at: int, order: NewOrder, transact_time_us: int, account: int, symbol: int) -> None:
        layout.NEW_ORDER.pack_into(
            self._frame, at, transact_time_us, account, symbol, ord(order.side), ord(order.ord_type), ord(order.tif),
            ord("E") if order.reduce_only else 0, *decimal_parts(order.order_qty), *decimal_parts(order.price),
            *decimal_parts(order.stop_px), 0, order.expire_time or 0, id_bytes(order.cl_ord_id),
        )

    def _finish(self, kind: int, flags: int, length: int, seq: int, mono_ns: int) -> None:
        start = self._at
        end = start + layout.HEADER.size + length
        layout.HEADER.pack_into(self._frame, start, layout.MAGIC, kind, flags, length, seq, mono_ns, self._source_id, 0)
        if self._checksums:
            view = memoryview(self._frame)
            crc = zlib.crc32(view[start + layout.HEADER.size : end], zlib.crc32(view[start : start + layout.CRC_AT]))
            layout.HEADER.pack_into(self._frame, start, layout.MAGIC, kind, flags, length, seq, mono_ns, self._source_id, crc)
        next_at = start + layout.HEADER.size + layout.padded(length)
        self._frame[end:next_at] = bytes(next_at - end)
        if not self._records:
            self._oldest_ns = mono_ns
        self._at = next_at
        self._records += 1
        self._sent_records += 1
        self._sent_bytes += next_at - start
