"""Reads batched output frames in place. What is damaged is counted and left out; the rest of the frame is kept where its borders are known."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Iterator, Optional

from . import batch_layout as layout
from .desk_names import DeskNames
from .report_views import ExecutionReportView, ReportView

EXECUTION_REPORT_KIND = 0xB8


@dataclass
class ReadCounts:
    """Records read, records and frame ends dropped, and what the sender's trailers show to be missing."""

    records: int = 0
    octets: int = 0
    dropped: int = 0
    trailers: int = 0
    missing: int = 0


class BatchReader:
    def __init__(self, names: DeskNames) -> None:
        self._names = names
        self.counts = ReadCounts()
        self._epoch: Optional[int] = None
        self._at_trailer = (0, 0)

    def read(self, frame: memoryview) -> Iterator[ReportView]:
        """Views of the frame's reports, in order."""
        at = 0
        seen = 0
        size = len(frame)
        while at < size:
            end = self._record_end(frame, at)
            if end is None:
                self.counts.dropped += 1
                return
            if seen == layout.MAX_RECORDS:
                self.counts.dropped += 1
            elif self._is_sound(frame, at):
                seen += 1
                kind = frame[at + 2]
                if kind == layout.KIND_TRAILER:
                    self._see_trailer(frame, at + layout.HEADER.size)
                else:
                    self.counts.records += 1
                    self.counts.octets += end - at
                    view = ExecutionReportView if kind == EXECUTION_REPORT_KIND else ReportView
                    yield view(frame, at, self._names)
            else:
                seen += 1
                self.counts.dropped += 1
                if end < size and not self._header_fits(frame, end):
                    return
            at = end

    def _header_fits(self, frame: memoryview, at: int) -> bool:
        if at + layout.HEADER.size > len(frame):
            return False
        return int.from_bytes(frame[at : at + 2], "little") == layout.MAGIC

    def _record_end(self, frame: memoryview, at: int) -> Optional[int]:
        """Where the next record begins; None when this one's borders cannot be trusted."""
        if not self._header_fits(frame, at):
            return None
        length = int.from_bytes(frame[at + 4 : at + 8], "little")
        end = at + layout.HEADER.size + layout.padded(length)
        return None if length > layout.MAX_PAYLOAD_BYTES or end > len(frame) else end

    def _is_sound(self, frame: memoryview, at: int) -> bool:
        _, kind, flags, length, _, _, _, crc = layout.HEADER.unpack_from(frame, at)
        if crc:
            payload = frame[at + layout.HEADER.size : at + layout.HEADER.size + length]
            if zlib.crc32(payload, zlib.crc32(frame[at : at + layout.CRC_AT])) != crc:
                return False
        if kind == layout.KIND_TRAILER:
            return bool(length == layout.TRAILER.size and not flags)
        expected = layout.OUTPUT_BYTES.get(kind)
        if expected is None or flags & ~(layout.ACCOUNT_NAMED | layout.SYMBOL_NAMED) or (flags and kind not in layout.NAMED_OUTPUTS):
            return False
        named = bool(flags & layout.ACCOUNT_NAMED) + bool(flags & layout.SYMBOL_NAMED)
        return bool(length == expected + named * layout.ID_BYTES and self._codes_are_known(frame, at + layout.HEADER.size, kind, flags))

    def _codes_are_known(self, frame: memoryview, at: int, kind: int, flags: int) -> bool:
        """Whether the numbers of account and symbol can be looked up, so that no view fails later."""
        accounts, symbols = len(self._names.accounts), len(self._names.symbols)
        if kind in (0xB3, 0xB0):
            return True
        first = int.from_bytes(frame[at + 8 : at + 10], "little")
        second = int.from_bytes(frame[at + 10 : at + 12], "little")
        if kind == 0xEA:
            account = int.from_bytes(frame[at : at + 2], "little")
            return account == layout.BY_NAME or account < accounts
        if kind == 0xF2:
            scope, action, target = frame[at], frame[at + 1], int.from_bytes(frame[at + 2 : at + 4], "little")
            known = (0, 1, accounts, symbols)[scope] if scope < 4 else 0
            return target < known and 0 < action < len(layout.ACTIONS)
        # Only a record that names them may leave the numbers open, and then only where no grid is needed.
        account_known = first < accounts or (first == layout.BY_NAME and bool(flags & layout.ACCOUNT_NAMED))
        symbol_known = second < symbols or (second == layout.BY_NAME and bool(flags & layout.SYMBOL_NAMED))
        if kind == EXECUTION_REPORT_KIND and any(frame[at + 24 : at + 32]):
            return account_known and second < symbols
        return account_known and symbol_known

    def _see_trailer(self, frame: memoryview, at: int) -> None:
        """Between two trailers of one epoch as many records must have come as the sender says it sent; from the first on, all of them."""
        epoch, _, _, count, _ = layout.TRAILER.unpack_from(frame, at)
        sent_before, read_before = self._at_trailer if epoch == self._epoch else (0, self._at_trailer[1])
        self.counts.missing += max(0, (count - sent_before) - (self.counts.records - read_before))
        self.counts.trailers += 1
        self._epoch = epoch
        self._at_trailer = (count, self.counts.records)
