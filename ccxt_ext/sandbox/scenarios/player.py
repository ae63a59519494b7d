"""Makes the calls of a scenario when they are due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ccxt_ext.sandbox.engine import Engine
from ccxt_ext.sandbox.faults import ControlCall
from ccxt_ext.sandbox.scenarios.scenario import Scenario

MOST_FAILURES = 20

Carry = Callable[[ControlCall], Any]


class Player:
    """A scenario that began at a time, and how far it has come."""

    def __init__(self, scenario: Scenario, begin_ms: int) -> None:
        self.scenario = scenario
        self.begin_ms = begin_ms
        self.done = 0
        """How many of its steps were made."""
        self.failures: list[str] = []
        """What was refused. The scenario goes on."""

    def next_event(self) -> int | None:
        steps = self.scenario.steps
        return None if self.done == len(steps) else self.begin_ms + steps[self.done].at_ms

    def act(self, now: int, engines: Mapping[str, Engine], carry_out: Carry) -> None:
        """Make the calls that are due by now."""
        while (due := self.next_event()) is not None and due <= now:
            step = self.scenario.steps[self.done]
            self.done += 1
            for call in step.calls(engines):
                answer = carry_out(call)
                if isinstance(answer, Mapping) and set(answer) == {"error"}:
                    self.failures = [*self.failures, f"{step}: {answer['error']}"][-MOST_FAILURES:]
