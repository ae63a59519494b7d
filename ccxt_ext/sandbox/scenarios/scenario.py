"""A scenario: control calls and the times at which they are made, counted from a reset."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ccxt_ext.sandbox.engine import Engine, MarketSpec
from ccxt_ext.sandbox.faults import ControlCall
from ccxt_ext.sandbox.fields import BadCall
from ccxt_ext.sandbox.files import with_texts

CALLS = (
    "POST /price",
    "POST /book",
    "POST /faults",
    "DELETE /faults",
    "POST /clock",
    "POST /deposit",
    "POST /withdraw",
    "POST /cancel",
    "POST /markets",
    "PATCH /markets",
    "DELETE /markets",
    "POST /accounts",
)
"""What a step may do. Resets and snapshots would take the scenario away, candles have times of their own."""
PASSING = ("advance_ms", "at_ms", "freeze", "trade")
UNITS_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
LATEST_MS = 366 * UNITS_MS["d"]
MOST_STEPS = 10_000
ALL = "all"
SELECTIONS = ("all", "all spot", "all swap", "all future", "first", "last")
"""Names that stand for some of a venue's open markets; kinds are in ccxt's words."""

_PART = re.compile(r"(\d+)(ms|s|m|h|d)")
_TIME = re.compile(r"(?:\d+(?:ms|s|m|h|d)\s*)+")


class BadScenario(BadCall, ValueError):
    """The scenario makes no sense. The text says why."""


@dataclass(frozen=True)
class Step:
    """A call, and when it is made."""

    at_ms: int
    call: ControlCall

    def calls(self, engines: Mapping[str, Engine]) -> Iterator[ControlCall]:
        """The call for each venue and market that it names; one may be named by `all`."""
        body = self.call.body
        venues = engines if body.get("venue") == ALL else [body.get("venue")]
        for venue in venues:
            for market in _markets(body.get("market"), engines.get(str(venue))):
                chosen = {"venue": venue, "market": market}
                named = {name: value for name, value in chosen.items() if name in body}
                yield self.call._replace(body={**body, **named})

    def __str__(self) -> str:
        return f"{self.call.method} {self.call.path} at {self.at_ms} ms"


@dataclass(frozen=True)
class Scenario:
    """A timeline of steps, in the order of their times."""

    name: str
    about: str
    """What happens."""
    bot: str
    """What a bot should be seen to do."""
    steps: tuple[Step, ...]

    @property
    def length_ms(self) -> int:
        return self.steps[-1].at_ms if self.steps else 0


def _markets(named: Any, engine: Engine | None) -> list[Any]:
    if engine is None or named not in SELECTIONS:
        return [named]
    open_ones = [market for market in engine.markets.values() if market.active]
    if named in ("first", "last"):
        return [market.spec.id for market in (open_ones[:1] if named == "first" else open_ones[-1:])]
    kind = named.removeprefix(ALL).strip()
    return [market.spec.id for market in open_ones if kind in ("", kind_of(market.spec))]


def kind_of(spec: MarketSpec) -> str:
    if not spec.is_contract:
        return "spot"
    return "swap" if spec.expiry_ms is None else "future"


def parse_scenario(table: Mapping[str, Any], name: str = "scenario") -> Scenario:
    """A scenario from a table of JSON or TOML. Raises BadScenario if it makes no sense."""
    unknown = sorted(set(table) - {"about", "bot", "steps"})
    if unknown:
        raise BadScenario(f"{name}: unknown field {unknown[0]!r}; a scenario has about, bot and steps")
    about, bot, steps = table.get("about", ""), table.get("bot", ""), table.get("steps")
    if not isinstance(about, str) or not isinstance(bot, str):
        raise BadScenario(f"{name}: 'about' and 'bot' are texts")
    if not isinstance(steps, list) or not steps or len(steps) > MOST_STEPS:
        raise BadScenario(f"{name}: 'steps' has to be a list of one to {MOST_STEPS} steps")
    read = []
    for number, step in enumerate(steps, 1):
        try:
            read.append(_step(step))
        except BadCall as error:
            raise BadScenario(f"{name}: step {number}: {error}") from None
    return Scenario(name, about.strip(), bot.strip(), tuple(sorted(read, key=lambda step: step.at_ms)))


def _step(step: Any) -> Step:
    if not isinstance(step, Mapping) or not {"at", "call"} <= set(step) <= {"at", "call", "body"}:
        raise BadCall("a step has 'at' and 'call', and may have 'body'")
    call, body = step["call"], step.get("body", {})
    if call not in CALLS:
        raise BadCall(f"'call' must be one of {', '.join(CALLS)}, not {call!r}")
    if not isinstance(body, Mapping):
        raise BadCall("'body' has to be a table of fields")
    method, _, path = call.partition(" ")
    if path == "/clock" and set(body) & set(PASSING):
        raise BadCall("a scenario may skew a venue's clock, and leaves the time to its user")
    return Step(_time(step["at"]), ControlCall(method, path, with_texts(body)))


def _time(at: Any) -> int:
    """Milliseconds from a number of them, or from a text such as `1h 30m`."""
    if isinstance(at, str) and _TIME.fullmatch(at.strip()):
        ms = sum(int(number) * UNITS_MS[unit] for number, unit in _PART.findall(at))
    elif isinstance(at, int) and not isinstance(at, bool):
        ms = at
    else:
        raise BadCall(f"'at' is a time such as 90s, 5m or '1h 30m', or whole milliseconds, not {at!r}")
    if not 0 <= ms <= LATEST_MS:
        raise BadCall("'at' is within a year of the reset")
    return ms
