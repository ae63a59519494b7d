"""Tells how what was asked differs from what is recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ccxt_ext.testing.cassettes.comparing import Asked, Comparison

LONGEST = 300


def request_text(live: Asked, recorded: Sequence[tuple[Asked, bool]], record: str) -> str:
    """Why a request is not on file. `recorded` has, for each that is, whether it was played already."""
    told = f"{live.method} {live.place}{live.path} is not in the cassette"
    if not recorded:
        return f"{told}, which holds no requests; to record it anew: {record}"
    equal = [entry for entry, _ in recorded if not differences(entry, live)]
    if equal:
        times = "once" if len(equal) == 1 else f"{len(equal)} times"
        return f"{told} again: it was recorded {times}, and was played as often; to record it anew: {record}"
    nearest, played = min(recorded, key=lambda entry: (_distance(entry[0], live), entry[1]))
    lines = [told + (", but this was played already:" if played else ", but this is:")]
    lines.append(f"    {nearest.method} {nearest.place}{nearest.path}")
    lines += [f"    {line}" for line in differences(nearest, live)]
    return "\n".join([*lines, f"To record it anew: {record}"])


def differences(recorded: Asked, live: Asked) -> list[str]:
    """A line for each part that differs."""
    comparison = Comparison(recorded.at, live.at, loose=True)
    lines: list[str] = []
    for name, before in recorded.parts().items():
        now = live.parts()[name]
        if isinstance(before, Mapping) and isinstance(now, Mapping):
            for key in sorted({*before, *now}, key=str):
                lines += _difference(comparison, f"{name}, {key}", before.get(key), now.get(key), str(key))
        else:
            lines += _difference(comparison, name, before, now, "")
    return lines


def _difference(comparison: Comparison, where: str, before: Any, now: Any, name: str) -> list[str]:
    if comparison.same(before, now, name):
        return []
    return [f"{where}: recorded {_text(before)}, asked {_text(now)}"]


def _distance(recorded: Asked, live: Asked) -> float:
    """How far two requests are from each other: the path says most."""
    one, other = recorded.path.split("/"), live.path.split("/")
    apart = sum(a != b for a, b in zip(one, other, strict=False)) + abs(len(one) - len(other))
    return 10 * apart + 5 * (recorded.place != live.place) + len(differences(recorded, live))


def _text(value: Any) -> str:
    if value is None or value == "" or value == {}:
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."
