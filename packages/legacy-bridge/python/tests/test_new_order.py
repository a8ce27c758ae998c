"""Checks 2 to 15 on a new order: each reason, each boundary, and which comes first."""

from __future__ import annotations

from typing import Any

import pytest

from both_variants import BothVariants, kinds, refused, rulebook


def test_accepted_order_bytes() -> None:
    desk = BothVariants()
    raw = (
        b'{"msgType":"D","msgSeqNum":9,"transactTime":1500000,"account":"A","symbol":"BTC","clOrdId":"c1","side":"1","ordType":"2",'
        b'"orderQty":"1.5","price":"1000","tif":"6","expireTime":1500001}'
    )
    expected = [
        b'{"msgType":"D","refSeqNum":9,"account":"A","orderId":"O9","symbol":"BTC","side":"1","ordType":"2","orderQty":"1.500",'
        b'"price":"1000.00","stopPx":null,"tif":"6","expireTime":1500001}',
        b'{"msgType":"8","refSeqNum":9,"account":"A","symbol":"BTC","clOrdId":"c1","origClOrdId":null,"orderId":"O9","execId":"E9.1",'
        b'"execType":"A","ordStatus":"A","side":"1","ordType":"2","orderQty":"1.500","price":"1000.00","lastQty":null,"lastPx":null,'
        b'"cumQty":"0.000","leavesQty":"1.500","avgPx":"0.000000","ordRejReason":null,"text":null,"transactTime":1500000}',
    ]
    assert desk.plain.accept(raw) == expected == desk.tuned.accept(raw)


def test_rejected_order_bytes() -> None:
    desk = BothVariants()
    raw = (
        b'{"msgType":"D","msgSeqNum":9,"transactTime":1500000,"account":"A","symbol":"BTC","clOrdId":"c1","side":"2","ordType":"3",'
        b'"orderQty":"1.50","stopPx":"-0","tif":"0"}'
    )
    expected = [
        b'{"msgType":"8","refSeqNum":9,"account":"A","symbol":"BTC","clOrdId":"c1","origClOrdId":null,"orderId":null,"execId":"E9.0",'
        b'"execType":"8","ordStatus":"8","side":"2","ordType":"3","orderQty":"1.50","price":"-0","lastQty":null,"lastPx":null,'
        b'"cumQty":"0","leavesQty":"0","avgPx":"0","ordRejReason":16,"text":"PX_NONPOS","transactTime":1500000}',
    ]
    assert desk.plain.accept(raw) == expected == desk.tuned.accept(raw)


@pytest.mark.parametrize("changes, code, reason", [
    ({"account": "nobody"}, "UNKNOWN_ACCOUNT", 15),
    ({"account": "nobody", "symbol": "DOGE"}, "UNKNOWN_ACCOUNT", 15),
    ({"symbol": "DOGE"}, "UNKNOWN_SYMBOL", 1),
    ({"account": "ETHONLY"}, "NOT_PERMITTED", 99),
    ({"price": "1000.01"}, "PX_TICK", 16),
    ({"price": "1000.0500001"}, "PX_TICK", 16),
    ({"price": "0.01", "orderQty": "0.0001"}, "PX_TICK", 16),
    ({"orderQty": "0.0025"}, "QTY_LOT", 13),
    ({"orderQty": "-0.0001", "price": "-1.00"}, "QTY_LOT", 13),
    ({"price": "0"}, "PX_NONPOS", 16),
    ({"price": "-0.00"}, "PX_NONPOS", 16),
    ({"price": "-1000.00", "orderQty": "-1"}, "PX_NONPOS", 16),
    ({"orderQty": "0"}, "QTY_NONPOS", 13),
    ({"orderQty": "-0"}, "QTY_NONPOS", 13),
    ({"orderQty": "-1"}, "QTY_NONPOS", 13),
    ({"orderQty": "0.001"}, "QTY_MIN", 13),
    ({"orderQty": "100.001"}, "QTY_MAX", 3),
    ({"orderQty": "0.009", "price": "1000.00"}, "NOTIONAL_MIN", 13),
    ({"orderQty": "100", "price": "1000.05"}, "NOTIONAL_MAX", 3),
    ({"price": "1030.10"}, "COLLAR", 16),
    ({"price": "970.00"}, "COLLAR", 16),
    ({"ordType": "3", "price": None, "stopPx": "970.00"}, "COLLAR", 16),
    ({"ordType": "3", "price": None, "stopPx": "1000.01"}, "PX_TICK", 16),
    ({"ordType": "3", "price": None, "stopPx": "0"}, "PX_NONPOS", 16),
    ({"ordType": "1", "price": None, "orderQty": "99.995"}, "NOTIONAL_MAX", 3),
    ({"ordType": "1", "price": None, "orderQty": "0.002"}, "NOTIONAL_MIN", 13),
    ({"execInst": "E"}, "REDUCE_ONLY", 99),
    ({"tif": "6"}, "EXPIRE_MISSING", 99),
    ({"tif": "6", "expireTime": 1_000_000}, "EXPIRED", 99),
    ({"tif": "6", "expireTime": 1}, "EXPIRED", 99),
    ({"tif": "6", "execInst": "E"}, "REDUCE_ONLY", 99),
])
def test_refusals(changes: dict[str, Any], code: str, reason: int) -> None:
    outputs = BothVariants().new(**changes)
    assert refused(outputs) == code and outputs[0]["ordRejReason"] == reason


@pytest.mark.parametrize("changes", [
    {"orderQty": "0.010", "price": "1000"}, {"orderQty": "100", "price": "1000.00"}, {"orderQty": "0.0110000", "price": "1000.0500"},
    {"price": "1030.05"}, {"price": "970.05"}, {"tif": "6", "expireTime": 1_000_001}, {"tif": "3"}, {"tif": "4"}, {"tif": "1"},
    {"ordType": "1", "price": None}, {"ordType": "1", "price": None, "side": "2"}, {"ordType": "3", "price": None, "stopPx": "999.95"},
])
def test_boundaries_that_pass(changes: dict[str, Any]) -> None:
    assert kinds(BothVariants().new(**changes)) == ["D", "8A"]


def test_stop_and_market_orders_report_their_price() -> None:
    desk = BothVariants()
    venue, report = desk.new(ordType="3", price=None, stopPx="999.95", side="2")
    assert (venue["price"], venue["stopPx"], report["price"]) == (None, "999.95", "999.95")
    venue, report = desk.new(ordType="1", price=None)
    assert (venue["price"], venue["stopPx"], report["price"]) == (None, None, None)
    assert desk.lines("account") == [f"account A {99995000 + 100010000} 0"]


def test_reference_missing_or_old() -> None:
    desk = BothVariants(market=False)
    assert refused(desk.new()) == "STALE_REF"
    assert refused(desk.new(ordType="1", price=None)) == "STALE_REF"
    assert refused(desk.new(price="5000000.00")) == "NOTIONAL_MAX"
    assert refused(desk.new(price="0.05")) == "NOTIONAL_MIN"
    desk.market("BTC", "1000.00", "1000.10")
    desk.now += 2_000_000
    assert kinds(desk.new()) == ["D", "8A"]
    desk.now += 1
    assert refused(desk.new()) == "STALE_REF"
    assert refused(desk.new(price="500.00")) == "COLLAR"
    assert refused(desk.new(ordType="1", price=None)) == "STALE_REF"


def test_trading_states_by_severity() -> None:
    desk = BothVariants()
    desk.control("reduce", "symbol", "BTC")
    assert refused(desk.new()) == "REDUCING_ONLY"
    assert refused(desk.new(account="nobody")) == "REDUCING_ONLY"
    assert refused(desk.new(account="ETHONLY")) == "REDUCING_ONLY"
    assert refused(desk.new(symbol="DOGE")) == "UNKNOWN_SYMBOL"
    desk.control("halt", "account", "A")
    assert refused(desk.new()) == "HALTED"
    assert refused(desk.new(account="OLDEST")) == "REDUCING_ONLY"
    desk.control("kill")
    outputs = desk.new(account="nobody", symbol="DOGE")
    assert refused(outputs) == "KILLED" and outputs[0]["ordRejReason"] == 2
    assert desk.lines("state") == ["state account A HALTED", "state global - KILLED", "state symbol BTC REDUCING"]


def test_reducing_state_compares_the_exact_quantity() -> None:
    desk = BothVariants()
    desk.position("2")
    desk.control("reduce")
    assert refused(desk.new(side="2", orderQty="2.0001")) == "REDUCING_ONLY"
    assert refused(desk.new(side="2", orderQty="1.9999")) == "QTY_LOT"
    assert refused(desk.new(side="2", orderQty="-1")) == "QTY_NONPOS"
    assert refused(desk.new(side="1", orderQty="1")) == "REDUCING_ONLY"
    assert kinds(desk.new(side="2", orderQty="2")) == ["D", "8A"]
    assert refused(desk.new(side="2", orderQty="0.01")) == "REDUCING_ONLY"


def test_repeats_and_time() -> None:
    desk = BothVariants()
    desk.accepted()
    assert desk.new(msgSeqNum=desk.seq) == []
    assert desk.new(msgSeqNum=1) == []
    assert desk.lines("counts") == ["counts 2 0 0"]
    desk.now -= 500_000
    assert desk.new()[-1]["transactTime"] == 1_000_000
    assert desk.lines("now") == ["now 1000000"]


def test_products_beyond_28_digits() -> None:
    rules = rulebook(
        instrument={"tickSize": "0.000001", "lotSize": "0.000001", "minQty": "0.000001", "maxQty": "999999999", "minNotional": "0",
                    "maxNotional": "4000", "collarBps": 1000000, "maxPosition": "999999999"},
        sanityNotional="4500", account={"maxOpenNotional": "4500", "creditLimit": "4500"},
    )
    rules["instruments"][1]["maxNotional"] = "4000"
    desk = BothVariants(rules, market=False)
    desk.market("BTC", "1.000000", "999999999.999999")
    assert refused(desk.new(orderQty="999999999", price="999999999.999999")) == "NOTIONAL_MAX"
    assert refused(desk.new(orderQty="999999998.999999", price="999999999.999999")) == "NOTIONAL_MAX"
    assert kinds(desk.new(orderQty="0.000001", price="999999999.999999")) == ["D", "8A"]
    assert refused(desk.new(ordType="1", price=None, orderQty="4.1")) == "NOTIONAL_MAX"
