"""How pytest finds the cases, whatever its settings say about files and functions."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ccxt_ext.testing.conformance.cases import ATTRIBUTE, FILE, Case
from ccxt_ext.testing.conformance.tested import Tested


class Chapter(pytest.Module):
    """A module of cases. Nothing else in it is a test, whatever it is called."""

    venues: Mapping[str, Tested]

    def istestfunction(self, obj: object, name: str) -> bool:
        return False

    def istestclass(self, obj: object, name: str) -> bool:
        return False

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        yield from super().collect()  # it finds the module's fixtures
        for id, tested in self.venues.items():
            made = OfVenue.from_parent(self, name=id)
            made.tested = tested
            yield made


class OfVenue(pytest.Collector):
    """The cases of a chapter for one venue."""

    parent: Chapter
    tested: Tested

    def collect(self) -> Iterator[pytest.Item]:
        for name, function in list(vars(self.parent.obj).items()):
            case = vars(function).get(ATTRIBUTE) if inspect.isfunction(function) else None
            if case is None:
                continue
            for kind in case.kinds or (None,):
                title = f"{case.number}-{name}" + (f"[{kind}]" if kind else "")
                item = CaseItem.from_parent(self, name=title, callobj=plain(function, case.patience_s))
                item.tell(case, self.tested, kind)
                yield item


class CaseItem(pytest.Function):
    case: Case
    tested: Tested
    kind: str | None

    def tell(self, case: Case, tested: Tested, kind: str | None) -> None:
        self.case, self.tested, self.kind = case, tested, kind
        # What -k finds: the number alone would also be found in others, as 1.1 is in 11.1.
        self.extra_keyword_matches.add(f"case{case.number}-")
        # It goes with the report from a worker of xdist to the controller.
        self.user_properties.append(("ccxt_case", list(self.key)))

    @property
    def key(self) -> tuple[str, str, str]:
        return self.tested.id, self.case.number, self.kind or ""


def plain(function: Callable[..., Any], patience_s: float) -> Callable[..., Any]:
    """A function that pytest calls without help by others; an async one is run in the suite's own loop."""
    if not inspect.iscoroutinefunction(function):
        return function

    @functools.wraps(function)
    def run(ccxt_loop: Any, **given: Any) -> None:
        ccxt_loop(function(**given), patience_s)

    signature = inspect.signature(function)
    loop = inspect.Parameter("ccxt_loop", inspect.Parameter.KEYWORD_ONLY)
    run.__signature__ = signature.replace(parameters=[*signature.parameters.values(), loop])  # type: ignore[attr-defined]
    return run


def collected(path: Path, parent: pytest.Collector, venues: Mapping[str, Tested]) -> list[pytest.Collector]:
    """What there is to collect in a file of the suite."""
    if not FILE.fullmatch(path.name):
        return []
    chapter = Chapter.from_parent(parent, path=path)
    chapter.venues = venues
    return [chapter]
