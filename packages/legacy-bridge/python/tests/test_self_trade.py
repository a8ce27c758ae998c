"""Self-trade prevention: what each mode does to which resting orders, in which order, and when nothing at all happens."""

from __future__ import annotations

from typing import Any

import pytest

from both_variants import BothVariants, kinds, refused, texts

ACCOUNTS = {"cancel-newest": "NEWEST", "cancel-oldest": "OLDEST", "cancel-both": "BOTH", "decrement": "DEC"}


def resting(desk: BothVariants, account: str) -> list[str]:
    """Three sell orders: 2 at 1000.10, 1 at 1000.05, 1 at 1000.10; best first they are the second, the first, the third."""
    return [desk.working(account=account, side="2", price=price, orderQty=qty)
            for price, qty in [("1000.10", "2"), ("1000.05", "1"), ("1000.10", "1")]]


def test_mode_none_lets_orders_cross() -> None:
    desk = BothVariants()
    resting(desk, "A")
    assert kinds(desk.new(price="1000.10")) == ["D", "8A"]


def test_cancel_newest() -> None:
    desk = BothVariants()
    resting(desk, "NEWEST")
    outputs = desk.new(account="NEWEST", price="1000.05")
    assert refused(outputs) == "SELF_TRADE" and outputs[0]["ordRejReason"] == 99
    assert kinds(desk.new(account="NEWEST", price="1000.00")) == ["D", "8A"]


def test_cancel_oldest() -> None:
    desk = BothVariants()
    ids = resting(desk, "OLDEST")
    outputs = desk.new(account="OLDEST", price="1000.10", clOrdId="in")
    assert kinds(outputs) == ["F", "86"] * 3 + ["D", "8A"]
    assert [outputs[i]["orderId"] for i in (0, 2, 4)] == [ids[1], ids[0], ids[2]]
    report = outputs[1]
    assert (report["text"], report["ordStatus"], report["origClOrdId"], report["ordRejReason"]) == ("SELF_TRADE", "6", None, None)
    assert [output["execId"] for output in outputs if output["msgType"] == "8"] == [f"E{desk.seq}.{n}" for n in (1, 3, 5, 7)]
    assert refused(desk.new(account="OLDEST", price="1000.10")) == "SELF_TRADE"


def test_cancel_both_rejects_first() -> None:
    desk = BothVariants()
    ids = resting(desk, "BOTH")
    outputs = desk.new(account="BOTH", price="1000.05")
    assert kinds(outputs) == ["88", "F", "86"] and texts(outputs) == ["SELF_TRADE", None, "SELF_TRADE"]
    assert outputs[1]["orderId"] == ids[1]
    assert [line.split()[8] for line in desk.lines("order")] == ["0", "6", "0"]


def test_decrement_with_a_rest() -> None:
    desk = BothVariants()
    ids = resting(desk, "DEC")
    outputs = desk.new(account="DEC", price="1000.05", orderQty="1.5")
    assert kinds(outputs) == ["F", "86", "D", "8A"]
    assert (outputs[1]["orderId"], outputs[1]["orderQty"], outputs[1]["leavesQty"]) == (ids[1], "0.000", "0.000")
    assert outputs[2]["orderQty"] == outputs[3]["orderQty"] == outputs[3]["leavesQty"] == "0.500"
    assert desk.lines("order")[-1].split()[10] == "500"


def test_decrement_to_nothing() -> None:
    desk = BothVariants()
    ids = resting(desk, "DEC")
    outputs = desk.new(account="DEC", price="1000.10", orderQty="1.500")
    assert kinds(outputs) == ["88", "F", "86", "G", "8D"]
    assert outputs[0]["text"] == "SELF_TRADE" and outputs[0]["orderQty"] == "1.500"
    replaced, report = outputs[3:]
    assert (replaced["orderId"], replaced["orderQty"], replaced["price"]) == (ids[0], "1.500", "1000.10")
    assert (report["ordStatus"], report["orderQty"], report["leavesQty"], report["text"]) == ("0", "1.500", "1.500", "SELF_TRADE")
    exact = desk.new(account="DEC", price="1000.10", orderQty="1.5")
    assert refused(exact) == "SELF_TRADE"  # one of the crossing orders is being cancelled


def test_decrement_of_exactly_everything_rejects() -> None:
    desk = BothVariants()
    resting(desk, "DEC")
    outputs = desk.new(account="DEC", price="1000.10", orderQty="4")
    assert kinds(outputs) == ["88"] + ["F", "86"] * 3


def test_decrement_counts_leaves_not_quantity() -> None:
    desk = BothVariants()
    order_id = desk.working(account="DEC", side="2", orderQty="3", price="1000.00")
    desk.fill(order_id, "1")
    outputs = desk.new(account="DEC", orderQty="2.5")
    assert kinds(outputs) == ["F", "86", "D", "8A"]
    assert (outputs[1]["orderQty"], outputs[1]["cumQty"], outputs[2]["orderQty"]) == ("1.000", "1.000", "0.500")
    outputs = desk.fill(order_id, "0.5")
    assert (outputs[0]["ordStatus"], outputs[0]["text"]) == ("2", "OVERFILL")


def test_decremented_order_whose_cancel_is_refused_crosses_again() -> None:
    desk = BothVariants()
    order_id = desk.working(account="DEC", side="2", orderQty="1")
    assert kinds(desk.new(account="DEC", orderQty="2")) == ["F", "86", "D", "8A"]
    first = desk.lines("order")[-1].split()[1]
    back = desk.venue(order_id, "9")[0]
    assert (back["ordStatus"], back["orderQty"], back["leavesQty"]) == ("0", "0.000", "0.000")
    desk.venue(f"O{first}", "4")
    outputs = desk.new(account="DEC", orderQty="2")
    assert kinds(outputs) == ["F", "86", "D", "8A"] and outputs[2]["orderQty"] == "2.000"


@pytest.mark.parametrize("mode", ["cancel-oldest", "cancel-both", "decrement"])
@pytest.mark.parametrize("how", ["A", "6", "E", "U"])
def test_an_order_that_may_not_be_touched_refuses_the_incoming_one(mode: str, how: str) -> None:
    account = ACCOUNTS[mode]
    desk = BothVariants()
    desk.working(account=account, side="2", price="1000.00")
    if how in "AU":
        desk.accepted(account=account, side="2", price="1000.10")
        if how == "U":
            assert kinds(desk.tick(1_000_001)) == ["H", "8I"]
    else:
        desk.working(account=account, side="2", price="1000.10", clOrdId="x")
        changed = desk.cancel("x", account=account) if how == "6" else desk.replace("x", account=account, price="1000.15")
        assert len(changed) == 2
    before = desk.lines("order")
    assert refused(desk.new(account=account, price="1000.10")) == "SELF_TRADE"
    assert desk.lines("order") == before


@pytest.mark.parametrize("mode", list(ACCOUNTS))
def test_what_does_not_cross(mode: str) -> None:
    account = ACCOUNTS[mode]
    desk = BothVariants()
    desk.working(account=account, side="2", price="1000.05")
    desk.working(account=account, side="2", ordType="3", price=None, stopPx="1000.00")
    desk.working(account=account, side="2", ordType="1", price=None)
    passing: list[dict[str, Any]] = [
        {"price": "1000.00"}, {"ordType": "3", "price": None, "stopPx": "1000.10"}, {"side": "2", "price": "1000.05"},
        {"symbol": "ETH", "price": "101"},
    ]
    for fields in passing:
        assert kinds(desk.new(account=account, **fields)) == ["D", "8A"]
    assert kinds(desk.new(account="A", price="1000.05")) == ["D", "8A"]


@pytest.mark.parametrize("mode, expected", [
    ("cancel-newest", ["88"]), ("cancel-oldest", ["F", "86", "D", "8A"]), ("cancel-both", ["88", "F", "86"]),
    ("decrement", ["88", "G", "8D"]),
])
def test_market_orders_cross_everything(mode: str, expected: list[str]) -> None:
    desk = BothVariants()
    desk.working(account=ACCOUNTS[mode], side="1", price="980.00", orderQty="3")
    assert kinds(desk.new(account=ACCOUNTS[mode], side="2", ordType="1", price=None)) == expected


def test_best_bid_comes_first_for_an_incoming_sell() -> None:
    desk = BothVariants()
    ids = [desk.working(account="OLDEST", price=price) for price in ["999.95", "1000.00", "999.95"]]
    outputs = desk.new(account="OLDEST", side="2", price="999.95")
    assert [outputs[i]["orderId"] for i in (0, 2, 4)] == [ids[1], ids[0], ids[2]]


@pytest.mark.parametrize("mode", ["cancel-oldest", "decrement"])
def test_later_checks_come_before_any_act(mode: str) -> None:
    desk = BothVariants()
    desk.working(account=ACCOUNTS[mode], side="2", price="1000.00")
    before = desk.lines("order")
    assert refused(desk.new(account=ACCOUNTS[mode], orderQty="2", execInst="E")) == "REDUCE_ONLY"
    assert refused(desk.new(account=ACCOUNTS[mode], orderQty="2", tif="6")) == "EXPIRE_MISSING"
    assert refused(desk.new(account=ACCOUNTS[mode], orderQty="2", tif="6", expireTime=5)) == "EXPIRED"
    assert desk.lines("order") == before


def test_cancel_both_acts_before_later_checks() -> None:
    desk = BothVariants()
    desk.working(account="BOTH", side="2", price="1000.00")
    assert kinds(desk.new(account="BOTH", execInst="E")) == ["88", "F", "86"]


def test_self_trade_uses_the_present_price_of_a_pending_replace() -> None:
    desk = BothVariants()
    desk.working(account="NEWEST", side="2", price="1000.10", clOrdId="x")
    desk.replace("x", account="NEWEST", price="1000.00")
    assert kinds(desk.new(account="NEWEST", price="1000.05")) == ["D", "8A"]
    assert refused(desk.new(account="NEWEST", price="1000.10")) == "SELF_TRADE"
