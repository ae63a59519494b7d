"""How much work a call is, counted in calls of the sandbox's own functions, as times differ."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest

from benchmarks.sandbox.box import Box
from benchmarks.sandbox.echo import calls
from ccxt_ext import sandbox

HOME = sandbox.__path__[0]
MOST = {
    "bitexasia": (125, 100, 55, 170, 42, 48),
    "bitexbit": (200, 180, 160, 150, 50, 95),
    "bitmart2": (130, 60, 38, 100, 28, 52),
    "bitmaxfutures": (130, 80, 63, 250, 44, 50),
    "btex": (135, 105, 140, 200, 37, 68),
}
"""A tenth or so more than it was when benchmarks/RESULTS.md was made, for each call of the echo."""


class Counter:
    """Counts while a box processes requests."""

    def __init__(self, box: Box) -> None:
        self.count = 0
        self._receive = box.world.receive
        box.world.receive = self._counting  # type: ignore[method-assign]

    def _counting(self, *given: Any) -> Any:
        before = sys.getprofile()
        sys.setprofile(self._called)
        try:
            return self._receive(*given)
        finally:
            sys.setprofile(before)

    def _called(self, frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(HOME):
            self.count += 1


@pytest.mark.parametrize("id", MOST)
def test_a_call_is_no_more_work_than_it_was(id: str) -> None:
    box = Box(id)
    asked, counter = calls(box.client), Counter(box)
    counts = {}
    for name, call in asked.items():
        for _ in range(3):  # the first one makes what is kept
            if name == "cancel_order":
                asked["create_order"]()
            box.world.clock.advance(1000)
            counter.count = 0
            call()
            counts[name] = counter.count
    assert min(counts.values()) > 0
    grown = {
        name: (count, most)
        for (name, count), most in zip(counts.items(), MOST[id], strict=True)
        if count > most
    }
    assert not grown
