"""The order path as one function of (state, message): one frame in, the frames out. No socket, no clock."""

from __future__ import annotations

from typing import Any, Callable, Optional

from . import client_requests, control_events, venue_events
from .desk_state import DeskState
from .reports import Outbox
from .rulebook import Rulebook
from .state_digest import state_hash
from .wire_schema import SchemaFailure, decode

Handler = Callable[[DeskState, "dict[str, Any]", Outbox], None]

HANDLERS: dict[str, Handler] = {
    "D": client_requests.new_order,
    "G": client_requests.replace,
    "F": client_requests.cancel,
    "q": control_events.trading_state_request,
    "8": venue_events.venue_event,
    "9": venue_events.venue_event,
    "W": control_events.market_data,
    "0": control_events.clock_tick,
}


class OrderPath:
    """Deterministic: equal rules and equal frames give equal outputs and an equal state hash."""

    def __init__(self, rules: Rulebook) -> None:
        self.state = DeskState(rules)
        # id of a test request that was just answered, for whoever keeps snapshots
        self.answered: Optional[str] = None

    def accept(self, raw: bytes) -> list[bytes]:
        try:
            message = decode(raw)
        except SchemaFailure as failure:
            return self._refuse(failure)
        if message["msgType"] == "1":
            return self._answer(message)
        state = self.state
        seq = message["msgSeqNum"]
        if seq <= state.last_seq:
            state.repeated_inputs += 1
            return []
        state.last_seq = seq
        state.now = max(state.now, message["transactTime"])
        out = Outbox(seq, message["msgType"], state.now)
        HANDLERS[message["msgType"]](state, message, out)
        return out.frames

    def state_hash(self) -> str:
        return state_hash(self.state)

    def _refuse(self, failure: SchemaFailure) -> list[bytes]:
        state = self.state
        if failure.seq is not None:
            if failure.seq <= state.last_seq:
                state.repeated_inputs += 1
                return []
            state.last_seq = failure.seq
        out = Outbox(state.last_seq, failure.msg_type, state.now)
        out.schema_reject(failure.text)
        return out.frames

    def _answer(self, message: dict[str, Any]) -> list[bytes]:
        self.answered = message["testReqId"]
        out = Outbox(self.state.last_seq, "1", self.state.now)
        out.test_answer(message["testReqId"], self.state_hash() if message["stateHash"] == "1" else None)
        return out.frames
