"""The kill switch and its two-step resume, market data, the clock tick with its three duties, test requests."""

from __future__ import annotations

import hashlib
import re

import pytest

from both_variants import BothVariants, kinds, refused, texts
from order_path_parts.state_digest import state_lines


def test_market_data_format() -> None:
    desk = BothVariants(market=False)
    outputs = desk.market("DOGE", "0.001", "0")
    assert refused(outputs) == "UNKNOWN_SYMBOL" and outputs[0]["refMsgType"] == "W" and outputs[0]["account"] == ""
    for bid, ask in [("1000.01", "1000.10"), ("1000.00", "1000.11"), ("0", "1000.00"), ("-5", "1000.00"), ("1000.05", "1000.00"),
                     ("-0", "0"), ("0.0000001", "1")]:
        assert refused(desk.market("BTC", bid, ask)) == "MD_FORMAT"
    assert desk.lines("ref") == []
    assert desk.market("BTC", "1000", "1000.000") == []
    desk.now += 5
    assert desk.market("ETH", "99", "101") == []
    assert desk.lines("ref") == ["ref BTC 20000 20000 1000000", "ref ETH 99 101 1000005"]


@pytest.mark.parametrize("scope, target, known", [
    ("global", "", True), ("global", "A", False), ("account", "A", True), ("account", "", False), ("account", "BTC", False),
    ("symbol", "BTC", True), ("symbol", "A", False), ("symbol", "", False),
])
@pytest.mark.parametrize("action", ["kill", "halt", "reduce", "resume-request", "resume-confirm"])
def test_targets(scope: str, target: str, known: bool, action: str) -> None:
    desk = BothVariants()
    outputs = desk.control(action, scope, target)
    if not known:
        assert refused(outputs) == "UNKNOWN_TARGET" and outputs[0]["account"] == "" and outputs[0]["refMsgType"] == "q"
    elif action == "resume-confirm":
        assert refused(outputs) == "RESUME_MISMATCH"
    else:
        assert outputs == [{"msgType": "r", "refSeqNum": desk.seq, "account": target if scope == "account" else "", "scope": scope,
                            "target": target, "action": action, "killId": "k", "totalAffected": 0}]


def test_a_kill_is_only_cleared_by_resume() -> None:
    desk = BothVariants()
    for action, name in [("reduce", "REDUCING"), ("halt", "HALTED"), ("reduce", "REDUCING"), ("kill", "KILLED"), ("halt", "KILLED")]:
        assert kinds(desk.control(action, "symbol", "BTC")) == ["r"]
        assert desk.lines("state") == [f"state symbol BTC {name}"]
    desk.control("resume-request", "symbol", "BTC", kill_id="x")
    assert refused(desk.control("resume-confirm", "symbol", "BTC", kill_id="y")) == "RESUME_MISMATCH"
    assert refused(desk.control("resume-confirm", "symbol", "ETH", kill_id="x")) == "RESUME_MISMATCH"
    assert refused(desk.control("resume-confirm", kill_id="x")) == "RESUME_MISMATCH"
    assert kinds(desk.control("resume-confirm", "symbol", "BTC", kill_id="x")) == ["r"]
    assert desk.lines("state") == []
    assert refused(desk.control("resume-confirm", "symbol", "BTC", kill_id="x")) == "RESUME_MISMATCH"


@pytest.mark.parametrize("action", ["kill", "halt", "reduce"])
def test_a_new_stop_voids_a_resume_under_way(action: str) -> None:
    desk = BothVariants()
    desk.control("kill")
    desk.control("resume-request", kill_id="x")
    desk.control(action, "account", "A")
    desk.control(action)
    assert refused(desk.control("resume-confirm", kill_id="x")) == "RESUME_MISMATCH"


def test_resume_window_and_replaced_request() -> None:
    desk = BothVariants()
    desk.control("halt")
    desk.control("resume-request", kill_id="old")
    desk.control("resume-request", kill_id="x")
    assert refused(desk.control("resume-confirm", kill_id="old")) == "RESUME_MISMATCH"
    desk.now += 5_000_001
    assert refused(desk.control("resume-confirm", kill_id="x")) == "RESUME_MISMATCH"
    desk.control("resume-request", kill_id="x")
    desk.now += 5_000_000
    assert kinds(desk.control("resume-confirm", kill_id="x")) == ["r"]
    desk.market("BTC", "1000.00", "1000.10")
    assert kinds(desk.new()) == ["D", "8A"]


def test_resume_of_an_active_scope_is_answered() -> None:
    desk = BothVariants()
    desk.control("resume-request", "account", "A")
    assert kinds(desk.control("resume-confirm", "account", "A")) == ["r"]


def test_cancel_open_in_scope() -> None:
    desk = BothVariants()
    new = desk.accepted(account="DEC", clOrdId="n")
    desk.working(account="A")
    partial = desk.working(account="DEC", side="2", orderQty="2", price="1000.10")
    desk.fill(partial, "1")
    desk.working(account="DEC", clOrdId="c")
    desk.cancel("c", account="DEC")
    desk.working(account="DEC", clOrdId="e")
    desk.replace("e", account="DEC")
    eth = desk.working(account="DEC", symbol="ETH", price="100", orderQty="2")
    assert kinds(desk.control("kill", "account", "DEC", cancel_open="0")) == ["r"]
    assert kinds(desk.control("reduce", "account", "DEC", cancel_open="1")) == ["r"]
    outputs = desk.control("halt", "account", "DEC", cancel_open="1")
    assert kinds(outputs) == ["r"] + ["F", "86"] * 3 and outputs[0]["totalAffected"] == 3
    assert [outputs[i]["orderId"] for i in (1, 3, 5)] == [new, partial, eth]
    assert (outputs[2]["text"], outputs[2]["execId"], outputs[2]["clOrdId"], outputs[2]["origClOrdId"]) == ("KILLED", f"E{desk.seq}.2", "n", None)
    assert kinds(desk.control("kill", "account", "DEC", cancel_open="1")) == ["r"]
    assert desk.control("kill", "symbol", "ETH", cancel_open="1")[0]["totalAffected"] == 0
    assert desk.control("kill", cancel_open="1")[0]["totalAffected"] == 1
    assert desk.venue(new, "9")[0]["ordStatus"] == "A"


def test_resume_ignores_cancel_open() -> None:
    desk = BothVariants()
    desk.working()
    assert kinds(desk.control("resume-request", cancel_open="1")) == ["r"]
    assert kinds(desk.control("resume-confirm", cancel_open="1")) == ["r"]


def test_dead_man() -> None:
    desk = BothVariants(account={"deadManUs": 3_000_000})
    desk.working(account="DEC", clOrdId="o")
    other = desk.accepted(account="A")
    desk.now += 1_000_000
    desk.cancel("unknown", account="DEC")
    assert kinds(desk.tick(2_000_000)) == ["H", "8I"]
    outputs = desk.tick(1)
    assert kinds(outputs) == ["r"]
    assert outputs[0] == {"msgType": "r", "refSeqNum": desk.seq, "account": "A", "scope": "account", "target": "A", "action": "dead-man",
                          "killId": f"T{desk.seq}", "totalAffected": 0}
    outputs = desk.tick(1_000_000)
    assert kinds(outputs) == ["r", "F", "86"] and outputs[2]["text"] == "DEAD_MAN" and outputs[0]["target"] == "DEC"
    assert desk.tick(9_000_000) == []
    assert desk.lines("state") == ["state account A KILLED", "state account DEC KILLED"]
    assert desk.venue(other, "0")[0]["ordStatus"] == "0"


def test_dead_man_watches_an_account_from_its_first_message() -> None:
    desk = BothVariants(account={"deadManUs": 1000})
    assert desk.tick(5_000_000) == []
    assert refused(desk.new(account="ETHONLY")) == "NOT_PERMITTED"
    assert refused(desk.replace("x", account="DEC", symbol="DOGE")) == "UNKNOWN_SYMBOL"
    assert desk.tick(1000) == []
    assert [output["target"] for output in desk.tick(1)] == ["DEC", "ETHONLY"]  # in the order of the rulebook


def test_dead_man_voids_a_resume_and_strikes_again() -> None:
    desk = BothVariants(account={"deadManUs": 1000})
    desk.new()
    desk.control("resume-request", "account", "A", kill_id="x")
    assert kinds(desk.tick(1001)) == ["r", "F", "86"]
    assert refused(desk.control("resume-confirm", "account", "A", kill_id="x")) == "RESUME_MISMATCH"
    desk.control("resume-request", "account", "A", kill_id="x")
    desk.control("resume-confirm", "account", "A", kill_id="x")
    assert kinds(desk.tick()) == ["r"]
    desk.control("resume-request", "account", "A", kill_id="x")
    assert refused(desk.new()) == "KILLED"
    desk.control("resume-confirm", "account", "A", kill_id="x")
    assert desk.tick() == []


def test_expiry_by_time_then_sequence() -> None:
    desk = BothVariants()
    late, first, second = [desk.working(tif="6", expireTime=time, clOrdId=name)
                           for time, name in [(1_000_300, "late"), (1_000_200, "first"), (1_000_200, "second")]]
    unacknowledged = desk.accepted(tif="6", expireTime=1_000_100)
    assert desk.tick(199) == []
    outputs = desk.tick(1)
    assert [output["orderId"] for output in outputs] == [first, first, second, second]
    assert kinds(outputs) == ["F", "86"] * 2 and texts(outputs)[1] == "EXPIRED"
    outputs = desk.tick(1000)
    assert [output["orderId"] for output in outputs] == [late, late]
    desk.venue(unacknowledged, "0")
    desk.venue(first, "9")
    outputs = desk.tick()
    assert [output["orderId"] for output in outputs] == [unacknowledged, unacknowledged, first, first]
    desk.venue(second, "C")
    assert desk.tick() == []


def test_in_doubt() -> None:
    desk = BothVariants()
    first = desk.accepted()
    desk.now += 10
    second = desk.accepted(clOrdId="o")
    desk.cancel("o")
    assert desk.tick(999_990) == []
    outputs = desk.tick(1)
    assert kinds(outputs) == ["H", "8I"] and outputs[0]["orderId"] == first
    assert (outputs[1]["ordStatus"], outputs[1]["text"], outputs[1]["execType"]) == ("A", "IN_DOUBT", "I")
    assert desk.lines("order")[0].split()[8:10] == ["U", "-"]
    desk.venue(second, "9")
    assert [output["orderId"] for output in desk.tick(10)] == [second, second]
    assert desk.tick(5_000_000) == []
    assert desk.venue(first, "0")[0]["ordStatus"] == "0"
    assert desk.venue(second, "F", "0.5", "1000.00")[0]["ordStatus"] == "1"


def test_one_tick_does_all_three_in_order() -> None:
    desk = BothVariants(account={"deadManUs": 2_000_000}, ackTimeoutUs=500_000)
    desk.working(account="DEC")
    desk.now += 100
    desk.working(tif="6", expireTime=1_500_000)
    desk.accepted()
    desk.now += 1_999_950
    outputs = desk.tick()
    assert texts(outputs) == [None, None, "DEAD_MAN", None, "EXPIRED", None, "IN_DOUBT"]
    assert [output["execId"] for output in outputs if output["msgType"] == "8"] == [f"E{desk.seq}.{n}" for n in (2, 4, 6)]


def test_killed_orders_are_not_expired_in_the_same_tick() -> None:
    desk = BothVariants(account={"deadManUs": 1000})
    desk.working(tif="6", expireTime=1_000_500)
    assert kinds(desk.tick(1001)) == ["r", "F", "86"]


def test_test_requests_change_nothing() -> None:
    desk = BothVariants()
    desk.accepted()
    digest = desk.plain.state_hash()
    assert digest == hashlib.sha256("\n".join(state_lines(desk.plain.state)).encode()).hexdigest()
    answer = desk.raw(b'{"msgType":"1","testReqId":"t","stateHash":"1"}')
    assert answer == [{"msgType": "0", "refSeqNum": desk.seq, "testReqId": "t", "stateHash": digest}]
    answer = desk.raw(b'{"msgType":"1","testReqId":"t","stateHash":"0"}')
    assert answer == [{"msgType": "0", "refSeqNum": desk.seq, "testReqId": "t", "stateHash": None}]
    assert desk.plain.state_hash() == digest


def test_state_text() -> None:
    desk = BothVariants()
    desk.working(tif="6", expireTime=9_000_000, clOrdId="o1")
    desk.accepted(account="DEC", ordType="1", price=None, side="2", orderQty="0.5")
    desk.control("halt", "account", "DEC")
    desk.cancel("o1", clOrdId="c")
    assert "\n".join(state_lines(desk.plain.state)) == """seq 7
now 1000000
state account DEC HALTED
ref BTC 20000 20002 1000000
ref ETH 100 101 1000000
bucket A 49000000 1000000 49000000 1000000
bucket DEC 49000000 1000000 -1 -1
bucket * 4998000000 1000000
account A 100000000 0
account DEC 50000000 0
order 3 A BTC o1 1 2 6 6 0 1000 20000 0 0 9000000 1000 20000
order 5 DEC BTC id2 2 1 0 A - 500 0 0 0 0 500 20000
terminal 0 0
windows 3 0 1 0
counts 0 0 0"""
    assert re.fullmatch("[0-9a-f]{64}", desk.plain.state_hash())
