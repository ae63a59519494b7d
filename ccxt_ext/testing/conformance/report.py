"""What came of the cases: a table by chapter, a level, and a file."""

from __future__ import annotations

import dataclasses
import json
import platform
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import starmap
from typing import Any, NamedTuple

import ccxt
import pytest

from ccxt_ext._version import CONTRACT, __version__
from ccxt_ext.testing.conformance.cases import CHAPTERS, Case, chapter_files
from ccxt_ext.testing.conformance.levels import (
    EXEMPT,
    FAILED,
    HAS_NOT,
    LEVELS,
    NO_FRONTEND,
    NO_PROFILE,
    NOT_IN_CCXT,
    NOT_RUN,
    PASSED,
    Reached,
    Shown,
    reached,
)
from ccxt_ext.testing.conformance.tested import Tested

FORMAT = 1
COLUMNS = (PASSED, FAILED, EXEMPT, HAS_NOT, NOT_IN_CCXT, NO_FRONTEND, NO_PROFILE, NOT_RUN)

Key = tuple[str, ...]  # venue, number, kind


class Planned(NamedTuple):
    venue: str
    number: str
    kind: str
    outcome: str
    """Why it does not apply, or nothing."""
    because: str

    @property
    def key(self) -> Key:
        return self.venue, self.number, self.kind


@dataclass
class Result:
    outcome: str = ""
    seconds: float = 0
    because: str = ""


class Report:
    def __init__(self, venues: Mapping[str, Tested]) -> None:
        self.venues = venues
        self.planned: dict[Key, Planned] = {}
        self.cases: dict[str, Case] = {}
        self.results: dict[Key, Result] = {}
        self.modules: set[str] = set()

    def plan(self, planned: Planned, case: Case) -> None:
        self.planned[planned.key] = planned
        self.cases[case.number] = case

    def told(self) -> dict[str, Any]:
        """What was planned, in what xdist sends between processes."""
        return {
            "modules": sorted(self.modules),
            "planned": [list(planned) for planned in self.planned.values()],
            "cases": [dataclasses.asdict(case) for case in self.cases.values()],
        }

    def hear(self, told: Mapping[str, Any]) -> None:
        """What a worker of xdist has planned; all of them plan the same."""
        self.modules.update(told["modules"])
        self.planned.update((planned.key, planned) for planned in starmap(Planned, told["planned"]))
        self.cases.update((case["number"], Case(**case)) for case in told["cases"])

    def take(self, key: Key, report: pytest.TestReport) -> None:
        """One of the reports about a case: of what goes before it, itself, and what goes after it."""
        result = self.results.setdefault(key, Result())
        result.seconds += report.duration
        if report.failed:
            result.outcome = FAILED
            result.because = report.longreprtext
        elif report.when == "call" and result.outcome != FAILED:
            result.outcome = EXEMPT if report.skipped else PASSED
            result.because = getattr(report, "wasxfail", "").removeprefix("reason: ")

    def outcome(self, planned: Planned) -> Result:
        if planned.outcome:
            return Result(planned.outcome, 0, planned.because)
        return self.results.get(planned.key) or Result(NOT_RUN)

    def of(self, id: str) -> list[tuple[Planned, Result]]:
        found = [(planned, self.outcome(planned)) for planned in self.planned.values() if planned.venue == id]
        return sorted(
            found, key=lambda each: ([int(part) for part in each[0].number.split(".")], each[0].kind)
        )

    def level(self, id: str) -> Reached:
        if not self.all_were_run(id):
            return Reached(None, "only a part of the suite was run")
        shown = [
            Shown(self.cases[planned.number].level, planned.number, result.outcome)
            for planned, result in self.of(id)
        ]
        tested = self.venues[id]
        return reached(shown, tested.claims(), tested.profile.exempt)

    def all_were_run(self, id: str) -> bool:
        return self.modules == set(chapter_files()) and all(
            result.outcome != NOT_RUN for _, result in self.of(id)
        )

    def whole(self) -> bool:
        return all(map(self.all_were_run, self.venues))

    def broken_claims(self) -> list[str]:
        """Venues that have not the level that their profile claims."""
        levels = list(LEVELS)
        return [
            f"{id} claims the level {claimed}, and has {level or 'none'}"
            for id, tested in self.venues.items()
            if (claimed := tested.profile.level) is not None
            for level in [self.level(id).level]
            if level is None or levels.index(level) < levels.index(claimed)
        ]

    def lines(self) -> Iterator[str]:
        """For a terminal: a table for each venue, and its level."""
        wide = max(map(len, CHAPTERS.values()))
        for id in self.venues:
            counts = self.counts(id)
            columns = [
                column
                for column in COLUMNS
                if column in (PASSED, FAILED) or any(count[column] for count in counts.values())
            ]
            yield ""
            yield f"{id:<{wide + 4}}" + "".join(f"{column:>{len(column) + 2}}" for column in columns)
            for chapter, count in counts.items():
                row = "".join(f"{count[column] or '-':>{len(column) + 2}}" for column in columns)
                yield f"{chapter:>2}  {CHAPTERS[chapter]:<{wide}}{row}"
            if self.all_were_run(id):
                level, missing = self.level(id)
                yield f"level: {level or 'none'}" + (f" ({missing})" if missing else "")
        if self.whole():
            yield from self.broken_claims()

    def counts(self, id: str) -> dict[int, dict[str, int]]:
        counts: dict[int, dict[str, int]] = {}
        for planned, result in self.of(id):
            chapter = self.cases[planned.number].chapter
            counts.setdefault(chapter, dict.fromkeys(COLUMNS, 0))[result.outcome] += 1
        return counts

    def as_json(self) -> str:
        told = {
            "format": FORMAT,
            "contract": CONTRACT,
            "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "versions": {
                "python": platform.python_version(),
                "platform": sys.platform,
                "ccxt": ccxt.__version__,
                "ccxt-ext": __version__,
            },
            "venues": [self._venue(id) for id in self.venues],
        }
        return json.dumps(told, indent=1, ensure_ascii=False) + "\n"

    def _venue(self, id: str) -> dict[str, Any]:
        level, missing = self.level(id)
        tested = self.venues[id]
        return {
            "venue": id,
            "distribution": tested.distribution,
            "version": tested.version,
            "level": level,
            "missing": missing,
            "exemptions": dict(tested.profile.exempt),
            "chapters": {
                str(chapter): {"name": CHAPTERS[chapter], **{column: n for column, n in count.items() if n}}
                for chapter, count in self.counts(id).items()
            },
            "cases": [
                {
                    "number": planned.number,
                    "name": self.cases[planned.number].name,
                    "kind": planned.kind or None,
                    "level": self.cases[planned.number].level,
                    "outcome": result.outcome,
                    "seconds": round(result.seconds, 3),
                    **({"because": result.because} if result.because else {}),
                }
                for planned, result in self.of(id)
            ],
        }
