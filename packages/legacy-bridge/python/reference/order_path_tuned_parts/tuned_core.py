"""The tuned order path: one frame in, the frames out, equal to the idiomatic one in every octet and in the state hash."""

from __future__ import annotations

from typing import Any, Callable, Optional

from order_path_parts.rulebook import Rulebook
from order_path_parts.wire_schema import SchemaFailure, decode

from . import tuned_control, tuned_reports as reports, tuned_requests, tuned_venue
from .fast_messages import (
    DECODE_ERRORS, LEFT_OVER, PLAIN, Cancel, ClockTick, MarketData, NewOrder, Replace, Sequenced, TestRequest, TradingState,
    VenueCancelReject, VenueReport, decode_plain, from_fields, is_plain,
)
from .scaled_instrument import Parsed, ScaledInstrument
from .tuned_state import TunedState

UNPRICED: Parsed = (0, "")


class TunedOrderPath:
    """Each `_plain_*` method proves that its frame is ordinary, parses the decimals, and only then lets it change the state."""

    def __init__(self, rules: Rulebook) -> None:
        self.state = TunedState(rules)
        self._plain: dict[type, Callable[[Any, bytes], list[bytes]]] = {
            NewOrder: self._plain_new, Replace: self._plain_replace, Cancel: self._plain_cancel, TradingState: self._plain_other,
            VenueReport: self._plain_report, VenueCancelReject: self._plain_other, MarketData: self._plain_market,
            ClockTick: self._plain_other, TestRequest: self._plain_other,
        }

    def accept(self, raw: bytes) -> list[bytes]:
        try:
            message = decode_plain(raw)
        except DECODE_ERRORS:
            return self._unusual(raw)
        return self._plain[type(message)](message, raw)

    def state_hash(self) -> str:
        return tuned_control.state_hash(self.state)

    def _begin(self, m: Sequenced) -> bool:
        """False for a repeat."""
        state = self.state
        if m.msgSeqNum <= state.last_seq:
            state.repeated_inputs += 1
            return False
        state.last_seq = m.msgSeqNum
        if m.transactTime > state.now:
            state.now = m.transactTime
        return True

    def _plain_new(self, m: NewOrder, raw: bytes) -> list[bytes]:
        colons = 11
        price_text = m.price
        ord_type = m.ordType
        if ord_type == "2":
            if not price_text or m.stopPx:
                return self._unusual(raw)
        elif ord_type == "3":
            price_text = m.stopPx
            if not price_text or m.price:
                return self._unusual(raw)
        elif price_text or m.stopPx:
            return self._unusual(raw)
        else:
            colons = 10
        if m.expireTime:
            if m.tif != "6":
                return self._unusual(raw)
            colons += 1
        if m.execInst:
            colons += 1
        if raw.translate(None, PLAIN) != LEFT_OVER[colons] and not is_plain(raw, colons, m.account, m.symbol, m.clOrdId):
            return self._unusual(raw)
        instrument = self.state.instruments.get(m.symbol)
        if instrument is None:
            return self._unusual(raw)
        qty = instrument.qty.parse(m.orderQty)
        price = instrument.price.parse(price_text) if price_text else None
        if qty is None or (price is None and price_text):
            return self._unusual(raw)
        if not self._begin(m):
            return []
        out: list[bytes] = []
        tuned_requests.new_order(self.state, m, instrument, qty, price, out)
        return out

    def _plain_replace(self, m: Replace, raw: bytes) -> list[bytes]:
        instrument = self.state.instruments.get(m.symbol)
        if instrument is None or not is_plain(raw, 9, m.account, m.symbol, m.clOrdId, m.origClOrdId):
            return self._unusual(raw)
        qty = instrument.qty.parse(m.orderQty)
        price = instrument.price.parse(m.price)
        if qty is None or price is None:
            return self._unusual(raw)
        if not self._begin(m):
            return []
        out: list[bytes] = []
        tuned_requests.replace(self.state, m, qty, price, out)
        return out

    def _plain_cancel(self, m: Cancel, raw: bytes) -> list[bytes]:
        if not is_plain(raw, 7, m.account, m.symbol, m.clOrdId, m.origClOrdId):
            return self._unusual(raw)
        if not self._begin(m):
            return []
        out: list[bytes] = []
        tuned_requests.cancel(self.state, m, out)
        return out

    def _plain_report(self, m: VenueReport, raw: bytes) -> list[bytes]:
        event = m.execType
        state = self.state
        if event == "F":
            order = state.by_id.get(m.orderId)
            if order is None or not is_plain(raw, 8, m.orderId, m.execId):
                return self._unusual(raw)
            instrument = order.desk.instrument
            qty = instrument.qty.parse(m.lastQty)
            price = instrument.price.parse(m.lastPx)
            if qty is None or price is None:
                return self._unusual(raw)
            if not self._begin(m) or tuned_venue.seen_exec(state, m.execId):
                return []
            filled: list[bytes] = []
            tuned_venue.fill(state, order, m.msgSeqNum, qty, price, filled)
            return filled
        if m.lastQty or m.lastPx or not is_plain(raw, 6, m.orderId, m.execId):
            return self._unusual(raw)
        if not self._begin(m) or tuned_venue.seen_exec(state, m.execId):
            return []
        out: list[bytes] = []
        tuned_venue.venue_event(state, m.orderId, m.msgSeqNum, "8", event, None, None, out)
        return out

    def _plain_market(self, m: MarketData, raw: bytes) -> list[bytes]:
        instrument = self.state.instruments.get(m.symbol)
        if instrument is None or not is_plain(raw, 6, m.symbol):
            return self._unusual(raw)
        bid = instrument.price.parse(m.bidPx)
        ask = instrument.price.parse(m.askPx)
        if bid is None or ask is None:
            return self._unusual(raw)
        if not self._begin(m):
            return []
        return self._set_market(m, instrument, bid, ask)

    def _plain_other(self, m: Any, raw: bytes) -> list[bytes]:
        """Rare messages, and those too short to be worth a path of their own, once they are known to be ordinary."""
        kind = type(m)
        if kind is ClockTick:
            plain = is_plain(raw, 3)
        elif kind is VenueCancelReject:
            plain = is_plain(raw, 5, m.orderId, m.execId)
        elif kind is TradingState:
            plain = is_plain(raw, 8, m.target, m.killId)
        else:
            plain = is_plain(raw, 3, m.testReqId)
        return self._decided(m) if plain else self._unusual(raw)

    def _set_market(self, m: MarketData, instrument: ScaledInstrument, bid: Parsed, ask: Parsed) -> list[bytes]:
        if bid[0] is None or ask[0] is None or bid[0] <= 0 or bid[0] > ask[0]:
            return [reports.business_reject(m.msgSeqNum, "W", "MD_FORMAT")]
        instrument.bid = bid[0]
        instrument.ask = ask[0]
        instrument.ref_time = self.state.now
        return []

    def _unusual(self, raw: bytes) -> list[bytes]:
        """The exact way: the decoder of the idiomatic order path, then the same decisions."""
        try:
            fields = decode(raw)
        except SchemaFailure as failure:
            return self._refuse(failure)
        return self._decided(from_fields(fields))

    def _refuse(self, failure: SchemaFailure) -> list[bytes]:
        state = self.state
        if failure.seq is not None:
            if failure.seq <= state.last_seq:
                state.repeated_inputs += 1
                return []
            state.last_seq = failure.seq
        return [reports.schema_reject(state.last_seq, failure.msg_type or "", failure.text)]

    def _decided(self, m: Any) -> list[bytes]:
        """Any message whose schema is known to be valid."""
        state = self.state
        if type(m) is TestRequest:
            digest = self.state_hash() if m.stateHash == "1" else ""
            return [reports.test_answer(state.last_seq, m.testReqId, digest)]
        if not self._begin(m):
            return []
        out: list[bytes] = []
        kind = type(m)
        if kind is NewOrder:
            self._decide_new(m, out)
        elif kind is Replace:
            instrument = state.instruments.get(m.symbol)
            qty, price = _parsed(instrument, m.orderQty, m.price)
            tuned_requests.replace(state, m, qty, price, out)
        elif kind is Cancel:
            tuned_requests.cancel(state, m, out)
        elif kind is ClockTick:
            tuned_control.clock_tick(state, m.msgSeqNum, out)
        elif kind is TradingState:
            tuned_control.trading_state(state, m, out)
        elif kind is MarketData:
            return self._decide_market(m)
        else:
            self._decide_venue(m, out)
        return out

    def _decide_new(self, m: NewOrder, out: list[bytes]) -> None:
        instrument = self.state.instruments.get(m.symbol)
        price_text = m.price or m.stopPx
        qty, price = _parsed(instrument, m.orderQty, price_text)
        tuned_requests.new_order(self.state, m, instrument, qty, price if price_text else None, out)

    def _decide_market(self, m: MarketData) -> list[bytes]:
        instrument = self.state.instruments.get(m.symbol)
        if instrument is None:
            return [reports.business_reject(m.msgSeqNum, "W", "UNKNOWN_SYMBOL")]
        bid, ask = instrument.price.parse(m.bidPx), instrument.price.parse(m.askPx)
        assert bid is not None and ask is not None
        return self._set_market(m, instrument, bid, ask)

    def _decide_venue(self, m: Any, out: list[bytes]) -> None:
        state = self.state
        if tuned_venue.seen_exec(state, m.execId):
            return
        msg_type, event = ("8", m.execType) if type(m) is VenueReport else ("9", "9")
        qty: Optional[Parsed] = None
        price: Optional[Parsed] = None
        order = state.by_id.get(m.orderId)
        if event == "F" and order is not None:
            qty, price = _parsed(order.desk.instrument, m.lastQty, m.lastPx)
        tuned_venue.venue_event(state, m.orderId, m.msgSeqNum, msg_type, event, qty, price, out)


def _parsed(instrument: Optional[ScaledInstrument], qty_text: str, price_text: str) -> tuple[Optional[Parsed], Optional[Parsed]]:
    if instrument is None:
        return None, None
    qty = instrument.qty.parse(qty_text)
    price = instrument.price.parse(price_text) if price_text else UNPRICED
    assert qty is not None and price is not None
    return qty, price
