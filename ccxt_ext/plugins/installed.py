"""Reads the entry points of what is installed. Nothing that they name is imported."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ccxt_ext.plugins.plugin import KINDS, OURS, PROGRAMS, Plugin, normalized

if TYPE_CHECKING:
    from importlib.metadata import Distribution

PREFIX = "ccxt_ext."
FILE = "entry_points.txt"


def installed(problems: list[str]) -> Iterator[Plugin]:
    """The plug-ins of all distributions. What cannot be read is told in `problems`."""
    from importlib.metadata import Distribution, distributions

    seen = set()
    for distribution in (*our_own(), *distributions()):
        try:
            text = distribution.read_text(FILE)
            if not text or PREFIX not in text:
                continue
            name = field(distribution, "Name")
            if not name:
                raise ValueError("its distribution has no name")
            if normalized(name) in seen:
                continue
            seen.add(normalized(name))
            if normalized(name) != OURS:
                # Of two that have one name, Python imports the first one's modules.
                distribution = next(iter(Distribution.discover(name=name)), distribution)
            found = list(plugins_of(distribution, name))
        except Exception as error:
            place = distribution.locate_file("")
            problems.append(f"an {FILE} in {place} cannot be read: {type(error).__name__}: {error}")
            continue
        yield from found


def our_own() -> Iterator[Distribution]:
    """The distribution of this very code, which may be in a folder that is not on sys.path."""
    from importlib.metadata import Distribution

    home = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    yield from list(Distribution.discover(name=OURS, path=[home]))[:1]


def plugins_of(distribution: Distribution, name: str) -> Iterator[Plugin]:
    targets: dict[tuple[str | None, str], dict[str, str]] = {}
    for point in distribution.entry_points:
        kind = point.group.removeprefix(PREFIX)
        if point.group.startswith(PREFIX) and kind in (*KINDS, *PROGRAMS):
            program = kind if kind in PROGRAMS else None
            targets.setdefault((program, point.name), {}).setdefault(kind, point.value)
    version = field(distribution, "Version")
    for (program, id), by_kind in targets.items():
        yield Plugin(id, name, version, by_kind, program)


def field(distribution: Distribution, name: str) -> str | None:
    """A field of the metadata; None if there is none, of which Python would warn."""
    return next(iter(distribution.metadata.get_all(name) or ()), None)
