"""Cancel and replace: lookup, their own checks, reservations while a replace is pending, and what the reports show."""

from __future__ import annotations

from typing import Any

import pytest

from both_variants import BothVariants, kinds, refused


def test_cancel_of_a_working_order() -> None:
    desk = BothVariants()
    order_id = desk.working(clOrdId="o")
    venue, report = desk.cancel("o", clOrdId="c")
    assert venue == {"msgType": "F", "refSeqNum": desk.seq, "account": "A", "orderId": order_id, "symbol": "BTC"}
    assert (report["execType"], report["ordStatus"], report["clOrdId"], report["origClOrdId"]) == ("6", "6", "c", "o")
    assert desk.lines("order")[0].split()[8:10] == ["6", "0"]
    done = desk.venue(order_id, "4")[0]
    assert (done["clOrdId"], done["origClOrdId"], done["ordStatus"], done["leavesQty"]) == ("o", None, "4", "0.000")


def test_cancel_of_an_unacknowledged_order() -> None:
    desk = BothVariants()
    desk.accepted(clOrdId="o")
    assert kinds(desk.cancel("o")) == ["F", "86"]
    assert desk.lines("order")[0].split()[8:10] == ["6", "A"]


@pytest.mark.parametrize("changes, code, reason", [
    ({"account": "nobody"}, "UNKNOWN_ACCOUNT", 99),
    ({"symbol": "DOGE"}, "UNKNOWN_SYMBOL", 99),
    ({"account": "ETHONLY"}, "NOT_PERMITTED", 99),
    ({"symbol": "ETH"}, "UNKNOWN_ORDER", 1),
    ({"origClOrdId": "other"}, "UNKNOWN_ORDER", 1),
    ({"account": "OLDEST"}, "UNKNOWN_ORDER", 1),
])
def test_refused_cancels(changes: dict[str, Any], code: str, reason: int) -> None:
    desk = BothVariants()
    desk.working(clOrdId="o")
    outputs = desk.cancel("o", **changes)
    assert refused(outputs) == code
    answer = outputs[0]
    assert (answer["orderId"], answer["ordStatus"], answer["cxlRejResponseTo"], answer["cxlRejReason"]) == (None, "8", "1", reason)


def test_exact_bytes_of_a_cancel_reject() -> None:
    desk = BothVariants()
    raw = (b'{"msgType":"F","msgSeqNum":9,"transactTime":1500000,"account":"A","symbol":"BTC","clOrdId":"c","origClOrdId":"o"}')
    expected = (
        b'{"msgType":"9","refSeqNum":9,"account":"A","symbol":"BTC","clOrdId":"c","origClOrdId":"o","orderId":null,"ordStatus":"8",'
        b'"cxlRejResponseTo":"1","cxlRejReason":1,"text":"UNKNOWN_ORDER","transactTime":1500000}'
    )
    assert desk.plain.accept(raw) == [expected] == desk.tuned.accept(raw)


def test_too_late_and_pending() -> None:
    desk = BothVariants()
    order_id = desk.working(clOrdId="o")
    desk.cancel("o")
    outputs = desk.cancel("o")
    assert refused(outputs) == "PENDING" and outputs[0]["orderId"] == order_id and outputs[0]["ordStatus"] == "6"
    assert outputs[0]["cxlRejReason"] == 3
    assert refused(desk.replace("o")) == "PENDING"
    desk.venue(order_id, "4")
    outputs = desk.cancel("o")
    assert refused(outputs) == "TOO_LATE" and outputs[0]["orderId"] == order_id and outputs[0]["ordStatus"] == "4"
    assert outputs[0]["cxlRejReason"] == 0
    assert refused(desk.replace("o")) == "TOO_LATE"
    desk.accepted(clOrdId="doubt")
    desk.tick(1_000_001)
    outputs = desk.cancel("doubt")
    assert refused(outputs) == "PENDING" and outputs[0]["ordStatus"] == "A"


def test_nothing_but_its_own_bucket_stops_a_cancel() -> None:
    desk = BothVariants(account={"cancelRateCapacity": 2, "cancelRatePerSecond": 10, "rateCapacity": 2, "ratePerSecond": 0})
    desk.working(clOrdId="o")
    desk.working(clOrdId="p")
    desk.control("kill")
    assert refused(desk.cancel("x")) == "UNKNOWN_ORDER"
    assert kinds(desk.cancel("o")) == ["F", "86"]
    outputs = desk.cancel("p", clOrdId="late")
    assert refused(outputs) == "RATE" and outputs[0]["orderId"] is None and outputs[0]["ordStatus"] == "8"
    assert desk.lines("bucket")[0] == "bucket A 0 1000000 0 1000000"
    desk.now += 100_000
    assert kinds(desk.cancel("p")) == ["F", "86"]


def test_ids_of_cancels_are_remembered_but_never_checked() -> None:
    desk = BothVariants()
    desk.working(clOrdId="o")
    assert refused(desk.cancel("x", clOrdId="c")) == "UNKNOWN_ORDER"
    assert refused(desk.new(clOrdId="c")) == "DUP_CLORDID"
    assert kinds(desk.cancel("o", clOrdId="o")) == ["F", "86"]
    assert refused(desk.cancel("o", clOrdId="d", account="ETHONLY")) == "NOT_PERMITTED"
    assert kinds(desk.new(clOrdId="d", account="ETHONLY", symbol="ETH", price="100")) == ["D", "8A"]


def test_replace_until_applied() -> None:
    desk = BothVariants()
    order_id = desk.working(clOrdId="o")
    venue, report = desk.replace("o", clOrdId="r", orderQty="3", price="999.95")
    assert venue == {"msgType": "G", "refSeqNum": desk.seq, "account": "A", "orderId": order_id, "symbol": "BTC", "orderQty": "3.000",
                     "price": "999.95"}
    assert (report["execType"], report["ordStatus"], report["clOrdId"], report["origClOrdId"]) == ("E", "E", "r", "o")
    assert (report["orderQty"], report["price"], report["leavesQty"]) == ("1.000", "1000.00", "1.000")
    assert desk.lines("account") == ["account A 300000000 0"]
    assert desk.lines("order")[0].split()[8:] == ["E", "0", "1000", "20000", "0", "0", "0", "3000", "20000"]
    desk.fill(order_id, "0.5")
    applied = desk.venue(order_id, "5")[0]
    assert (applied["execType"], applied["ordStatus"], applied["clOrdId"], applied["origClOrdId"]) == ("5", "1", "r", "o")
    assert (applied["orderQty"], applied["price"], applied["leavesQty"]) == ("3.000", "999.95", "2.500")
    assert desk.lines("account") == ["account A 249987500 50000000"]
    assert refused(desk.cancel("o")) == "UNKNOWN_ORDER"
    assert kinds(desk.cancel("r")) == ["F", "86"]


def test_smaller_replace_keeps_the_larger_reservation_until_applied() -> None:
    desk = BothVariants()
    order_id = desk.working(clOrdId="o", orderQty="3")
    desk.replace("o", orderQty="1", price="1000.05")
    assert desk.lines("account") == ["account A 300015000 0"]
    desk.fill(order_id, "2")
    applied = desk.venue(order_id, "5")[0]
    assert (applied["ordStatus"], applied["orderQty"], applied["leavesQty"], applied["avgPx"]) == ("2", "2.000", "0.000", "1000.000000")
    assert desk.lines("account") == ["account A 0 200000000"] and desk.lines("order") == []


def test_refused_replace_goes_back_and_forgets() -> None:
    desk = BothVariants()
    order_id = desk.working(clOrdId="o", orderQty="3")
    desk.replace("o", clOrdId="r", orderQty="5")
    back = desk.venue(order_id, "9")[0]
    assert (back["execType"], back["ordStatus"], back["text"], back["clOrdId"], back["orderQty"]) == ("I", "0", "CANCEL_REJECTED", "o", "3.000")
    assert desk.lines("account") == ["account A 300000000 0"]
    assert refused(desk.replace("o", clOrdId="r")) == "DUP_CLORDID"
    assert kinds(desk.replace("o", clOrdId="r2", orderQty="4")) == ["G", "8E"]


@pytest.mark.parametrize("changes, code", [
    ({"account": "nobody"}, "UNKNOWN_ACCOUNT"),
    ({"symbol": "DOGE"}, "UNKNOWN_SYMBOL"),
    ({"account": "ETHONLY"}, "NOT_PERMITTED"),
    ({"clOrdId": "o"}, "DUP_CLORDID"),
    ({"origClOrdId": "other"}, "UNKNOWN_ORDER"),
    ({"symbol": "ETH"}, "UNKNOWN_ORDER"),
    ({"price": "1000.01"}, "PX_TICK"),
    ({"orderQty": "0.0001"}, "QTY_LOT"),
    ({"price": "0"}, "PX_NONPOS"),
    ({"orderQty": "-1"}, "QTY_NONPOS"),
    ({"orderQty": "0.001"}, "QTY_MIN"),
    ({"orderQty": "1.499"}, "QTY_MIN"),
    ({"orderQty": "100.001"}, "QTY_MAX"),
    ({"orderQty": "1.5", "price": "0.05"}, "NOTIONAL_MIN"),
    ({"orderQty": "100", "price": "1000.05"}, "NOTIONAL_MAX"),
    ({"price": "900.00", "orderQty": "2"}, "COLLAR"),
    ({"orderQty": "10.001"}, "POSITION"),
    ({"orderQty": "9.9", "price": "1020.00"}, "CUM_NOTIONAL"),
    ({"orderQty": "8.5", "price": "1020.00"}, "CREDIT"),
])
def test_refused_replaces(changes: dict[str, Any], code: str) -> None:
    desk = BothVariants(instrument={"maxPosition": "10"}, account={"maxOpenNotional": "8500", "creditLimit": "8600"})
    order_id = desk.working(clOrdId="o", orderQty="3")
    desk.fill(order_id, "1.5")
    outputs = desk.replace("o", **{"orderQty": "2", **changes})
    assert refused(outputs) == code
    known = code not in ("UNKNOWN_ACCOUNT", "UNKNOWN_SYMBOL", "NOT_PERMITTED", "DUP_CLORDID", "UNKNOWN_ORDER")
    assert (outputs[0]["orderId"], outputs[0]["ordStatus"]) == ((order_id, "1") if known else (None, "8"))
    assert outputs[0]["cxlRejResponseTo"] == "2"
    assert outputs[0]["cxlRejReason"] == {"UNKNOWN_ORDER": 1, "DUP_CLORDID": 6}.get(code, 99)


def test_replace_needs_a_limit_order_that_the_venue_knows() -> None:
    desk = BothVariants()
    desk.accepted(clOrdId="new")
    assert refused(desk.replace("new")) == "PENDING"
    desk.working(clOrdId="market", ordType="1", price=None)
    assert refused(desk.replace("market")) == "NOT_REPLACEABLE"
    desk.working(clOrdId="stop", ordType="3", price=None, stopPx="1000.00")
    assert refused(desk.replace("stop", orderQty="0")) == "NOT_REPLACEABLE"
    desk.accepted(clOrdId="new stop".replace(" ", "-"), ordType="3", price=None, stopPx="1000.00")
    assert refused(desk.replace("new-stop")) == "PENDING"


def test_replace_in_trading_states() -> None:
    desk = BothVariants()
    desk.position("3")
    desk.working(clOrdId="o", side="2")
    desk.control("reduce")
    outputs = desk.replace("o", orderQty="0.5")
    assert refused(outputs) == "REDUCING_ONLY" and outputs[0]["orderId"] is None
    desk.control("halt")
    assert refused(desk.replace("o")) == "HALTED"
    desk.control("kill")
    assert refused(desk.replace("o", account="nobody")) == "KILLED"


def test_replace_and_reference_age() -> None:
    desk = BothVariants()
    desk.working(clOrdId="o")
    desk.now += 2_000_001
    assert refused(desk.replace("o")) == "STALE_REF"
    assert refused(desk.replace("o", price="1.00", orderQty="100")) == "COLLAR"


def test_replace_and_rate() -> None:
    desk = BothVariants(account={"rateCapacity": 2, "ratePerSecond": 0})
    order_id = desk.working(clOrdId="o")
    assert refused(desk.replace("none")) == "UNKNOWN_ORDER"
    outputs = desk.replace("o")
    assert refused(outputs) == "RATE" and outputs[0]["orderId"] == order_id


@pytest.mark.parametrize("account", ["NEWEST", "OLDEST", "BOTH", "DEC"])
def test_replace_that_would_cross_an_own_order(account: str) -> None:
    desk = BothVariants()
    desk.working(clOrdId="buy", account=account, price="1000.00")
    desk.working(clOrdId="sell", account=account, side="2", price="1000.05")
    assert refused(desk.replace("buy", account=account, price="1000.05")) == "SELF_TRADE"
    assert refused(desk.replace("sell", account=account, price="1000.00")) == "SELF_TRADE"
    assert kinds(desk.replace("sell", account=account, price="1000.10")) == ["G", "8E"]
    assert refused(desk.replace("buy", account=account, price="1000.05")) == "SELF_TRADE"


def test_replace_without_self_trade_prevention() -> None:
    desk = BothVariants()
    desk.working(clOrdId="buy")
    desk.working(clOrdId="sell", side="2", price="1000.05")
    assert kinds(desk.replace("buy", price="1000.05")) == ["G", "8E"]


@pytest.mark.parametrize("side, other", [("1", "2"), ("2", "1")])
def test_replace_of_a_reduce_only_order(side: str, other: str) -> None:
    desk = BothVariants()
    desk.position("3", side=other)
    order_id = desk.working(clOrdId="o", side=side, execInst="E")
    assert refused(desk.replace("o", orderQty="3.001")) == "REDUCE_ONLY"
    desk.accepted(side=side, orderQty="1")
    assert refused(desk.replace("o", orderQty="2.001")) == "REDUCE_ONLY"
    desk.fill(order_id, "0.5")
    assert kinds(desk.replace("o", clOrdId="r", orderQty="2")) == ["G", "8E"]
    desk.venue(order_id, "5")
    desk.position("9", side=side)
    assert refused(desk.replace("r", orderQty="1")) == "REDUCE_ONLY"


def test_latest_order_wins_a_client_id() -> None:
    desk = BothVariants(duplicateWindow=1)
    first = desk.working(clOrdId="same")
    desk.accepted()
    second = desk.working(clOrdId="same")
    assert desk.cancel("same")[0]["orderId"] == second
    desk.venue(second, "4")
    assert refused(desk.cancel("same")) == "TOO_LATE"
    desk.venue(first, "4")
    assert refused(desk.cancel("same")) == "TOO_LATE"
