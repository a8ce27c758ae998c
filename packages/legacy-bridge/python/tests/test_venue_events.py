"""Every state against every venue event, fills with their oddities, and the life of an order after its end."""

from __future__ import annotations

from typing import Callable, Optional

import pytest

from both_variants import BothVariants, kinds, refused

EVENTS = "0458CF9"


def in_state(desk: BothVariants, status: str) -> str:
    """An order of 3 BTC brought into a status; `6A` and `60` are pending cancels with that previous status."""
    if status == "A":
        return desk.accepted(orderQty="3", clOrdId="o")
    if status == "U":
        order_id = desk.accepted(orderQty="3", clOrdId="o")
        assert kinds(desk.tick(1_000_001)) == ["H", "8I"]
        return order_id
    if status in ("6A", "8"):
        order_id = desk.accepted(orderQty="3", clOrdId="o")
        if status == "8":
            desk.venue(order_id, "8")
        else:
            desk.cancel("o")
        return order_id
    order_id = desk.working(orderQty="3", clOrdId="o")
    steps: dict[str, Callable[[], object]] = {
        "0": lambda: None, "1": lambda: desk.fill(order_id, "1"), "60": lambda: desk.cancel("o"),
        "61": lambda: (desk.fill(order_id, "1"), desk.cancel("o")), "E": lambda: desk.replace("o", orderQty="4"),
        "E1": lambda: (desk.fill(order_id, "1"), desk.replace("o", orderQty="4")), "2": lambda: desk.fill(order_id, "3"),
        "4": lambda: desk.venue(order_id, "4"), "C": lambda: desk.venue(order_id, "C"),
    }
    steps[status]()
    return order_id


# (ordStatus, text) of the report, None for an absorbed event, or the text of a BusinessReject.
ROWS: dict[str, dict[str, object]] = {
    "A": {"0": ("0", None), "4": ("4", None), "5": "ILLEGAL:A:5", "8": ("8", "VENUE_REJECT"), "C": ("C", None), "F": ("1", None), "9": "ILLEGAL:A:9"},
    "U": {"0": ("0", None), "4": ("4", None), "5": "ILLEGAL:U:5", "8": ("8", "VENUE_REJECT"), "C": ("C", None), "F": ("1", None), "9": "ILLEGAL:U:9"},
    "0": {"0": "ILLEGAL:0:0", "4": ("4", None), "5": "ILLEGAL:0:5", "8": "ILLEGAL:0:8", "C": ("C", None), "F": ("1", None), "9": "ILLEGAL:0:9"},
    "1": {"0": "ILLEGAL:1:0", "4": ("4", None), "5": "ILLEGAL:1:5", "8": "ILLEGAL:1:8", "C": ("C", None), "F": ("1", None), "9": "ILLEGAL:1:9"},
    "6A": {"0": ("6", None), "4": ("4", None), "5": "ILLEGAL:6:5", "8": ("8", "VENUE_REJECT"), "C": ("C", None), "F": ("6", None), "9": ("A", "CANCEL_REJECTED")},
    "60": {"0": "ILLEGAL:6:0", "4": ("4", None), "5": "ILLEGAL:6:5", "8": "ILLEGAL:6:8", "C": ("C", None), "F": ("6", None), "9": ("0", "CANCEL_REJECTED")},
    "61": {"0": "ILLEGAL:6:0", "4": ("4", None), "5": "ILLEGAL:6:5", "8": "ILLEGAL:6:8", "C": ("C", None), "F": ("6", None), "9": ("1", "CANCEL_REJECTED")},
    "E": {"0": "ILLEGAL:E:0", "4": ("4", None), "5": ("0", None), "8": "ILLEGAL:E:8", "C": ("C", None), "F": ("E", None), "9": ("0", "CANCEL_REJECTED")},
    "E1": {"0": "ILLEGAL:E:0", "4": ("4", None), "5": ("1", None), "8": "ILLEGAL:E:8", "C": ("C", None), "F": ("E", None), "9": ("1", "CANCEL_REJECTED")},
    "2": {**dict.fromkeys("0458C9"), "F": ("2", "OVERFILL")},
    "4": {**dict.fromkeys("0458C9"), "F": ("4", "LATE_FILL")},
    "8": {**dict.fromkeys("0458C9"), "F": ("8", "LATE_FILL")},
    "C": {**dict.fromkeys("0458C9"), "F": ("C", "LATE_FILL")},
}


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("status", list(ROWS))
def test_table(status: str, event: str) -> None:
    desk = BothVariants()
    order_id = in_state(desk, status)
    outputs = desk.fill(order_id, "0.5") if event == "F" else desk.venue(order_id, event)
    expected = ROWS[status][event]
    if expected is None:
        assert outputs == [] and desk.lines("counts") == ["counts 0 0 1"]
    elif isinstance(expected, str):
        assert refused(outputs) == expected
        assert outputs[0]["account"] == "A" and outputs[0]["refMsgType"] == ("9" if event == "9" else "8")
    else:
        assert len(outputs) == 1
        assert (outputs[0]["ordStatus"], outputs[0]["text"]) == expected
        assert outputs[0]["execType"] == ("I" if event == "9" else event)
        assert outputs[0]["ordRejReason"] == (99 if event == "8" else None)


@pytest.mark.parametrize("status", list(ROWS))
def test_complete_fill(status: str) -> None:
    desk = BothVariants()
    order_id = in_state(desk, status)
    report = desk.fill(order_id, "4")[0]
    assert report["text"] == "OVERFILL"
    assert report["ordStatus"] == ("2" if status not in "48C" else status) and report["leavesQty"] == "0.000"
    assert desk.lines("order") == [] and desk.lines("account")[0].split()[2] == "0"


def test_fill_of_an_unacknowledged_cancel() -> None:
    desk = BothVariants()
    order_id = in_state(desk, "6A")
    desk.fill(order_id, "1")
    assert desk.lines("order")[0].split()[8:10] == ["6", "1"]
    assert refused(desk.venue(order_id, "0")) == "ILLEGAL:6:0"
    assert refused(desk.venue(order_id, "8")) == "ILLEGAL:6:8"
    assert desk.venue(order_id, "9")[0]["ordStatus"] == "1"


def test_acknowledgement_of_a_pending_cancel() -> None:
    desk = BothVariants()
    order_id = in_state(desk, "6A")
    desk.venue(order_id, "0")
    assert desk.lines("order")[0].split()[8:10] == ["6", "0"]
    assert desk.venue(order_id, "9")[0]["ordStatus"] == "0"


def test_filled_while_pending_forgets_the_replace() -> None:
    desk = BothVariants()
    order_id = in_state(desk, "E")
    assert desk.fill(order_id, "3")[0]["ordStatus"] == "2"
    assert desk.venue(order_id, "5") == []
    assert desk.lines("account") == ["account A 0 300000000"]


@pytest.mark.parametrize("qty, price, text", [
    ("0.0005", "1000.00", "FILL_FORMAT"), ("0", "1000.00", "FILL_FORMAT"), ("-1", "1000.00", "FILL_FORMAT"),
    ("1", "1000.01", "FILL_FORMAT"), ("1", "0", "FILL_FORMAT"), ("1", "-1000.00", "FILL_FORMAT"), ("1", "-0", "FILL_FORMAT"),
    ("1", "50000000.05", "FILL_RANGE"), ("50000.001", "1000.00", "FILL_RANGE"), ("999999999", "999999999", "FILL_RANGE"),
])
def test_fills_out_of_format_or_range(qty: str, price: str, text: str) -> None:
    desk = BothVariants()
    order_id = desk.working()
    outputs = desk.fill(order_id, qty, price)
    assert refused(outputs) == text and outputs[0]["account"] == "A"
    assert desk.lines("position") == []


def test_range_is_on_the_sum_of_an_order() -> None:
    desk = BothVariants()
    order_id = desk.working()
    assert desk.fill(order_id, "0.5", "50000000.00")[0]["text"] is None
    assert desk.fill(order_id, "0.5", "50000000.00")[0]["ordStatus"] == "2"
    assert refused(desk.fill(order_id, "0.001", "0.05")) == "FILL_RANGE"


def test_unknown_orders_and_repeated_executions() -> None:
    desk = BothVariants()
    outputs = desk.venue("O999", "0", exec_id="x")
    assert refused(outputs) == "UNKNOWN_ORDER"
    assert (outputs[0]["account"], outputs[0]["refMsgType"]) == ("", "8")
    assert desk.venue("O999", "0", exec_id="x") == []
    assert refused(desk.venue("O999", "F", "1", "1")) == "UNKNOWN_ORDER"
    outputs = desk.venue("nonsense", "9")
    assert refused(outputs) == "UNKNOWN_ORDER" and outputs[0]["refMsgType"] == "9"
    order_id = desk.accepted()
    assert desk.venue(order_id, "0", exec_id="x") == []
    assert desk.venue(order_id, "9", exec_id="x") == []
    assert desk.lines("counts") == ["counts 0 3 0"]
    assert desk.lines("windows") == ["windows 1 0 3 0"]


def test_execution_window_rotates() -> None:
    desk = BothVariants(duplicateWindow=2)
    for name in ["a", "b", "c"]:
        desk.venue("O1", "0", exec_id=name)
    assert desk.venue("O1", "0", exec_id="a") == []
    assert desk.lines("windows") == ["windows 0 0 1 2"]
    desk.venue("O1", "0", exec_id="d")
    assert refused(desk.venue("O1", "0", exec_id="a")) == "UNKNOWN_ORDER"


def test_books_of_a_fill() -> None:
    desk = BothVariants()
    buy = desk.working(orderQty="3")
    sell = desk.working(orderQty="1", side="2")
    desk.fill(buy, "1.5", "999.95")
    desk.fill(sell, "2", "1000.05")
    assert desk.lines("position") == ["position A BTC -500"]
    assert desk.lines("account") == [f"account A {150000000} {149992500 + 200010000}"]
    assert desk.lines("order")[0].split()[13] == str(1500 * 19999)
    desk.fill(sell, "0.5", "1000.00")
    assert desk.lines("position") == ["position A BTC -1000"]


def test_position_back_to_zero_disappears() -> None:
    desk = BothVariants()
    desk.position("1")
    desk.position("1", side="2")
    assert desk.lines("position") == []


@pytest.mark.parametrize("fills, average", [
    ([("1", "1000.00"), ("2", "1000.05")], "1000.033333"),
    ([("2", "1000.00"), ("1", "1000.05")], "1000.016667"),
    ([("0.003", "0.05"), ("0.029", "0.10")], "0.095312"),
    ([("0.001", "0.05"), ("0.031", "0.10")], "0.098438"),
    ([("0.001", "0.05"), ("63.999", "0.10")], "0.099999"),
    ([("0.001", "50000000.00")], "50000000.000000"),
])
def test_average_price_is_rounded_half_even_from_the_exact_quotient(fills: list[tuple[str, str]], average: str) -> None:
    desk = BothVariants()
    order_id = desk.working(orderQty="90")
    report: Optional[dict[str, object]] = None
    for qty, price in fills:
        report = desk.fill(order_id, qty, price)[0]
    assert report is not None and report["avgPx"] == average


@pytest.mark.parametrize("low, high, average", [("0.124", "0.004", "0.051562"), ("0.116", "0.012", "0.054688")])
def test_ties_of_the_average_go_to_even(low: str, high: str, average: str) -> None:
    """0.0515625 and 0.0546875 exactly."""
    desk = BothVariants()
    order_id = desk.working(orderQty="90")
    desk.fill(order_id, low, "0.05")
    assert desk.fill(order_id, high, "0.10")[0]["avgPx"] == average


def test_terminal_orders_are_forgotten_in_order() -> None:
    desk = BothVariants(terminalRetention=2)
    ids = []
    for name in ["a", "b", "c"]:
        ids.append(desk.working(clOrdId=name))
        desk.venue(ids[-1], "4")
    assert refused(desk.fill(ids[0], "1")) == "UNKNOWN_ORDER"
    assert refused(desk.cancel("a")) == "UNKNOWN_ORDER"
    assert refused(desk.cancel("b")) == "TOO_LATE"
    assert desk.fill(ids[1], "1")[0]["text"] == "LATE_FILL"
    assert desk.lines("terminal")[0].split()[1] == "3"


def test_retention_of_nothing() -> None:
    desk = BothVariants(terminalRetention=0)
    order_id = desk.working(clOrdId="o")
    assert desk.fill(order_id, "1")[0]["ordStatus"] == "2"
    assert refused(desk.fill(order_id, "1")) == "UNKNOWN_ORDER"


def test_forgetting_leaves_the_entry_of_a_later_order() -> None:
    desk = BothVariants(terminalRetention=1, duplicateWindow=1)
    first = desk.working(clOrdId="same")
    desk.venue(first, "4")
    desk.accepted()
    second = desk.working(clOrdId="same")
    other = desk.working()
    desk.venue(other, "4")
    assert desk.cancel("same")[0]["orderId"] == second


def test_digest_of_ended_orders() -> None:
    desk = BothVariants()
    order_id = desk.working()
    assert desk.lines("terminal") == ["terminal 0 0"]
    desk.fill(order_id, "1")
    seq = int(order_id[1:])
    assert desk.lines("terminal") == [f"terminal 1 {seq + 1000 * 7 + ord('2')}"]
