"""Checks that remember: duplicate window, token buckets, positions, open orders, credit, reduce-only."""

from __future__ import annotations

import pytest

from both_variants import BothVariants, kinds, refused


def test_duplicate_ids_are_per_account_and_outlive_the_order() -> None:
    desk = BothVariants()
    order_id = desk.accepted(clOrdId="same")
    assert refused(desk.new(clOrdId="same", price="7")) == "DUP_CLORDID"
    assert kinds(desk.new(clOrdId="same", account="OLDEST")) == ["D", "8A"]
    desk.venue(order_id, "4")
    outputs = desk.new(clOrdId="same")
    assert refused(outputs) == "DUP_CLORDID" and outputs[0]["ordRejReason"] == 6


@pytest.mark.parametrize("consumes", [True, False])
def test_a_rejected_order_consumes_its_id_when_the_rules_say_so(consumes: bool) -> None:
    desk = BothVariants(rejectConsumesDuplicate=consumes)
    assert refused(desk.new(clOrdId="x", orderQty="0")) == "QTY_NONPOS"
    assert refused(desk.new(clOrdId="y", account="ETHONLY")) == "NOT_PERMITTED"
    assert kinds(desk.new(clOrdId="y", account="ETHONLY", symbol="ETH", price="100")) == ["D", "8A"]
    assert (refused(desk.new(clOrdId="x", price="1")) == "DUP_CLORDID") is consumes


def test_duplicate_window_rotates_by_count() -> None:
    desk = BothVariants(duplicateWindow=3)
    for name in ["a", "b", "c"]:
        desk.accepted(clOrdId=name)
    assert desk.lines("windows") == ["windows 0 3 0 0"]
    assert refused(desk.new(clOrdId="a")) == "DUP_CLORDID"
    for name in ["d", "e"]:
        desk.accepted(clOrdId=name)
    assert refused(desk.new(clOrdId="a")) == "DUP_CLORDID"
    desk.accepted(clOrdId="f")
    assert kinds(desk.new(clOrdId="a")) == ["D", "8A"]
    assert desk.lines("windows") == ["windows 1 3 0 0"]


@pytest.mark.parametrize("consumes", [True, False])
def test_token_buckets(consumes: bool) -> None:
    desk = BothVariants(account={"rateCapacity": 2, "ratePerSecond": 10}, rejectConsumesRate=consumes)
    desk.accepted()
    assert refused(desk.new(orderQty="0")) == "QTY_NONPOS"
    if consumes:
        assert desk.lines("bucket") == ["bucket A 0 1000000 -1 -1", "bucket * 4998000000 1000000"]
    else:
        assert desk.lines("bucket") == ["bucket A 1000000 1000000 -1 -1", "bucket * 4999000000 1000000"]
        desk.accepted()
    assert refused(desk.new()) == "RATE"
    desk.now += 99_999
    assert refused(desk.new()) == "RATE"
    desk.now += 1
    assert kinds(desk.new()) == ["D", "8A"]
    desk.now += 300_000
    for _ in range(2):
        desk.accepted()
    assert refused(desk.new()) == "RATE"


def test_a_rejection_by_rate_takes_from_the_bucket_that_holds_a_token() -> None:
    desk = BothVariants(account={"rateCapacity": 1, "ratePerSecond": 0})
    desk.accepted()
    assert refused(desk.new()) == "RATE"
    assert desk.lines("bucket") == ["bucket A 0 1000000 -1 -1", "bucket * 4998000000 1000000"]
    kept = BothVariants(account={"rateCapacity": 1, "ratePerSecond": 0}, rejectConsumesRate=False)
    kept.accepted()
    kept.now += 5
    assert refused(kept.new(orderQty="0")) == "QTY_NONPOS"
    assert kept.lines("bucket") == ["bucket A 0 1000000 -1 -1", "bucket * 4999000000 1000000"]
    assert refused(kept.new()) == "RATE"
    assert kept.lines("bucket") == ["bucket A 0 1000005 -1 -1", "bucket * 4999500000 1000005"]
    assert refused(BothVariants(globalRate={"capacity": 0, "perSecond": 9}).new()) == "RATE"


def test_elapsed_time_of_a_bucket_is_bounded() -> None:
    desk = BothVariants(account={"rateCapacity": 1000000, "ratePerSecond": 1}, instrument={"refMaxAgeUs": 10**15})
    for _ in range(8):
        desk.accepted()
    desk.now += 3_000_000_000
    desk.accepted(side="2")
    assert desk.lines("bucket")[0] == f"bucket A {10**12 - 10**6} {desk.now} -1 -1"


def test_position_counts_the_worst_case() -> None:
    desk = BothVariants(instrument={"maxPosition": "3"})
    desk.accepted(orderQty="2")
    assert refused(desk.new(orderQty="1.001")) == "POSITION"
    assert kinds(desk.new(orderQty="3", side="2")) == ["D", "8A"]
    order_id = desk.accepted(orderQty="1")
    assert refused(desk.new(orderQty="0.010")) == "POSITION"
    desk.fill(order_id, "1")
    assert refused(desk.new(orderQty="0.010")) == "POSITION"
    assert kinds(desk.new(orderQty="1", side="2")) == ["D", "8A"]
    assert refused(desk.new(orderQty="0.010", side="2")) == "POSITION"


def test_number_of_open_orders() -> None:
    desk = BothVariants(maxOpenPerSide=2, maxOpenOrders=4)
    first = desk.accepted()
    desk.accepted(ordType="1", price=None)
    assert refused(desk.new()) == "OPEN_ORDERS"
    assert kinds(desk.new(symbol="ETH", price="100")) == ["D", "8A"]
    desk.accepted(account="OLDEST")
    assert refused(desk.new(account="BOTH")) == "OPEN_ORDERS"
    desk.venue(first, "C")
    assert kinds(desk.new()) == ["D", "8A"]


def test_notional_and_credit() -> None:
    desk = BothVariants(account={"maxOpenNotional": "5000", "creditLimit": "9000"})
    first = desk.accepted(orderQty="3")
    assert refused(desk.new(orderQty="2.001")) == "CUM_NOTIONAL"
    assert kinds(desk.new(orderQty="20", symbol="ETH", price="100")) == ["D", "8A"]
    assert refused(desk.new(orderQty="0.010")) == "CUM_NOTIONAL"
    desk.fill(first, "3", "2000.00")
    assert refused(desk.new(orderQty="1.001")) == "CREDIT"
    assert kinds(desk.new(orderQty="1")) == ["D", "8A"]
    assert refused(desk.new(orderQty="0.010", account="A")) == "CREDIT"
    assert kinds(desk.new(orderQty="0.010", account="OLDEST")) == ["D", "8A"]


def test_reduce_only() -> None:
    desk = BothVariants()
    desk.position("3")
    assert refused(desk.new(execInst="E", side="1", orderQty="1")) == "REDUCE_ONLY"
    desk.accepted(side="2", orderQty="1")
    assert refused(desk.new(execInst="E", side="2", orderQty="2.001")) == "REDUCE_ONLY"
    assert kinds(desk.new(execInst="E", side="2", orderQty="2")) == ["D", "8A"]
    short = BothVariants()
    short.position("3", side="2")
    assert refused(short.new(execInst="E", orderQty="3.001")) == "REDUCE_ONLY"
    assert refused(short.new(execInst="E", side="2", orderQty="1")) == "REDUCE_ONLY"
    assert kinds(short.new(execInst="E", orderQty="3")) == ["D", "8A"]


def test_rejections_by_2_and_3_touch_neither_window_nor_bucket() -> None:
    desk = BothVariants()
    desk.control("halt", "symbol", "BTC")
    assert refused(desk.new(clOrdId="a")) == "HALTED"
    assert refused(desk.new(clOrdId="a", account="ETHONLY", symbol="DOGE")) == "UNKNOWN_SYMBOL"
    assert desk.lines("bucket") == [] and desk.lines("windows") == ["windows 0 0 0 0"]
