"""A case of the suite: a function with a number, a name, and what a venue has to have for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ccxt_ext.testing.conformance.levels import LEVELS

Function = TypeVar("Function", bound=Callable[..., Any])

CHAPTERS: Mapping[int, str] = {
    1: "Classes and `has` tell the truth",
    2: "Structures, by ccxt's own validators",
    3: "The life of orders",
    4: "Precision and limits",
    5: "Unknown outcomes and faults",
    6: "Secrets",
    7: "Concurrency",
    8: "Streams against the engine's books",
    9: "Parameters",
    10: "Lists",
    11: "Agreement",
    12: "Refusals",
    13: "Any JSON at all",
}

FOLDER = Path(__file__).parent
FILE = re.compile(r"test_\d\d_\w+\.py")

REST = ("sync", "async")
ALL = ("sync", "async", "pro")

ATTRIBUTE = "ccxt_case"


def chapter_files() -> list[str]:
    """The names of the modules that hold cases."""
    return sorted(path.name for path in FOLDER.iterdir() if FILE.fullmatch(path.name))


@dataclass(frozen=True)
class Case:
    number: str
    """Chapter and place in it, such as "3.2"."""
    name: str
    """What is true of a venue that passes, in a sentence."""
    proves: str
    """More about it: the function's docstring."""
    needs: tuple[str, ...]
    """Methods that `has` has to claim, or, as "spot.fetchOrder", `features` for a type of market."""
    kinds: tuple[str, ...]
    """The kinds of classes that it is run for, once each; none if it looks at all of them together."""
    frontend: bool
    """Whether it needs a sandbox for the venue."""
    lists_markets: bool
    """Whether this sandbox has to be one that can list another market while clients run."""
    profile: tuple[str, ...]
    """Fields of the profile that must not be empty."""
    answers: bool
    """Whether it needs answers of the venue: the profile's samples, or else a frontend."""
    level: str
    """The first level that needs it."""
    ccxts_tests: bool
    """Whether it runs ccxt's own tests, which not every release of ccxt brings."""
    any_state: bool
    """Whether it goes with whatever state the sandbox is in, and does nothing but trade."""
    patience_s: float

    @property
    def chapter(self) -> int:
        return int(self.number.partition(".")[0])


def case(
    number: str,
    name: str,
    *,
    level: str,
    needs: Sequence[str] = (),
    kinds: Sequence[str] = REST,
    frontend: bool = False,
    lists_markets: bool = False,
    profile: Sequence[str] = (),
    answers: bool = False,
    ccxts_tests: bool = False,
    any_state: bool = False,
    patience_s: float = 60,
) -> Callable[[Function], Function]:
    """Makes a case of a function, which may be async: it gets an event loop of its own."""
    assert level in LEVELS, level
    assert set(kinds) <= set(ALL), kinds

    def decorate(function: Function) -> Function:
        made = Case(
            number=number,
            name=name,
            proves=(function.__doc__ or "").strip(),
            needs=tuple(needs),
            kinds=tuple(kinds),
            frontend=frontend,
            lists_markets=lists_markets,
            profile=tuple(profile),
            answers=answers,
            level=level,
            ccxts_tests=ccxts_tests,
            any_state=any_state,
            patience_s=patience_s,
        )
        assert made.chapter in CHAPTERS, number
        setattr(function, ATTRIBUTE, made)
        return function

    return decorate
