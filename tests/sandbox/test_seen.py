"""How many of the requests are kept, and how much of them."""

from __future__ import annotations

import tracemalloc

import pytest

from ccxt_ext.sandbox import seen as module
from ccxt_ext.sandbox.frontend import Request
from ccxt_ext.sandbox.seen import BODY_KEPT, SeenRequests
from tests.sandbox.control_box import Box


def request(number: int, body: bytes = b"") -> Request:
    return Request("POST", f"/{number}", "q=1", {"name": "value"}, body)


def paths(seen: SeenRequests, venue: str) -> list[str]:
    return [row["path"] for row in seen.rows(venue)]


def test_a_long_body_is_cut_and_the_row_says_so() -> None:
    box = Box("btex")
    for body in (b"x" * BODY_KEPT, b"x" * (BODY_KEPT + 1), b"\xff" * 10**6):
        box.world.receive("btex", Request("POST", "/nowhere", body=body))
    whole, cut, long = box.ok("GET", "/requests?venue=btex")
    assert (len(whole["body"]), whole["body_cut"]) == (BODY_KEPT, False)
    assert (len(cut["body"]), cut["body_cut"]) == (BODY_KEPT, True)
    assert (long["body"], long["body_cut"]) == ("\ufffd" * BODY_KEPT, True)


def test_each_venue_keeps_its_own_latest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REQUESTS_KEPT", 3)
    seen = SeenRequests(["a", "b"])
    for number in range(10):
        seen.add("a" if number % 5 else "b", number, request(number), None)
    assert (paths(seen, "a"), paths(seen, "b")) == (["/7", "/8", "/9"], ["/0", "/5"])


def test_the_oldest_of_all_venues_go_first_where_there_are_too_many_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "BYTES_KEPT", 12_000)
    seen = SeenRequests(["a", "b", "c"])
    for number in range(4):
        seen.add("ab"[number % 2], number, request(number, b"x" * 1000), None)
    seen.add("c", 4, request(4, b"x" * 6000), None)
    assert (paths(seen, "a"), paths(seen, "b"), paths(seen, "c")) == (["/2"], ["/3"], ["/4"])
    seen.add("c", 5, request(5, b"x" * 9000), None)
    assert (paths(seen, "a"), paths(seen, "b"), paths(seen, "c")) == ([], [], ["/5"])
    seen.add("a", 6, request(6, b"x" * 20_000), None)
    assert not paths(seen, "a") and not paths(seen, "c")
    seen.add("a", 7, request(7), None)
    assert paths(seen, "a") == ["/7"]


def test_the_bytes_that_are_kept_are_about_the_bytes_that_they_take() -> None:
    seen = SeenRequests(["a"])
    tracemalloc.start()
    try:
        for number in range(1000):
            seen.add("a", number, Request("POST", "/p" * 50, "", {}, b"x" * 200 + bytes(40_000)), None)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 10_000_000 < taken < 1.2 * module.BYTES_KEPT
