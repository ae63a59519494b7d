"""Makes thousands of small changes to the code, and tells which of them no test notices: `make mutate`."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import pickle
import random
import re
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

if os.environ.get("CCXT_EXT_AUTOLOAD") != "0":  # else the package would be imported before it can be changed
    os.environ["CCXT_EXT_AUTOLOAD"] = "0"
    os.execv(sys.executable, [sys.executable, *sys.argv])

import yaml
from baseline import Baseline, baseline
from mutants import Mutant, mutants
from rooms import ROOMS, TOP, Room
from running import Child, prepare, tested
from warm import UNFIT, Changed, Errand, Warm, changed

ACCEPTED = Path(__file__).with_name("accepted.yaml")
KEPT = TOP / ".cache" / "mutate"
KILLED, SURVIVED, EXCUSED = "killed", "survived", "survived, and does not matter"
_STRING = re.compile(r'"([^"]*)"')
FEW = 25  # how many tests are run first


class Outcome(NamedTuple):
    mutant: Mutant
    what: str
    by: str = ""  # which test


class Trial:
    """Runs tests with one change, until one fails.

    First come a few of the tests that run the changed line, then the others that do. Then come those that run
    nothing of the room in this process, as they may do so in others; and all, if the line runs during an
    import, as what it makes may be read anywhere. They run in a fork of the warm process if that shows the
    change, else in a process that imports the changed module.
    """

    def __init__(
        self, mutant: Mutant, known: Baseline, warm: Warm, killers: Counter[str], options: list[str]
    ) -> None:
        self.mutant = mutant
        self._options = options
        self._seconds, self._warm = known.seconds, warm
        concerned, self._run_before = _concerned(mutant, known)
        quick = known.by_seconds(concerned)
        # Tests that are named after what the line says come first, then those that have killed other mutants.
        said = _said(mutant)
        self._tests = sorted(
            quick, key=lambda test: (-sum(each in test.lower() for each in said), -killers[test])
        )
        others = known.seconds.keys() if self._run_before else known.unseen()
        self._others = known.by_seconds(others - concerned)
        self._source = mutant.source()
        self._change = changed(mutant.path, self._source)
        self._rounds = self._all_rounds()
        self._child = self._begin()

    def _all_rounds(self) -> deque[list[str]]:
        return deque(each for each in (self._tests[:FEW], self._tests[FEW:], self._others) if each)

    def _begin(self) -> Child | Errand:
        tests, mutant = self._rounds.popleft(), self.mutant
        seconds = 15 + 6 * sum(self._seconds.get(test, 0) for test in tests)
        if self._change is not None:
            return self._warm.begin(self._change, tests, seconds)
        return Child(lambda: tested(mutant.path, self._source, tests, self._options), seconds)

    def outcome(self) -> Outcome | None:
        """The outcome; None while it is still running."""
        if not self._child.ended():
            return None
        failed = self._child.result()
        if failed is None and not self._rounds and (self._change is None or not self._run_before):
            return Outcome(self.mutant, SURVIVED)
        if failed not in (None, UNFIT):
            return Outcome(self.mutant, KILLED, failed)
        if failed == UNFIT or not self._rounds:
            self._change, self._rounds = None, self._all_rounds()
        self._child = self._begin()
        return None


def _concerned(mutant: Mutant, known: Baseline) -> tuple[set[str], bool]:
    """The tests that run a mutant's line, and whether it also runs before them, during imports."""
    lines = known.lines.get(str(mutant.path), {})
    tests = lines.get(mutant.begins, set())
    if "" in tests:
        of_file = {test for some in lines.values() for test in some if test}
        return of_file or set(known.seconds), True
    return tests or set(known.seconds), not tests


def _said(mutant: Mutant) -> list[str]:
    """The words in the strings of a mutant's line, as they stand in the names of tests."""
    line = mutant.change()[0].lower()
    return [word.encode("unicode_escape").decode() for text in _STRING.findall(line) for word in text.split()]


def _known(name: str, room: Room) -> Baseline:
    """Which lines the tests run. It is kept from the last time, if nothing has changed since."""
    digest = hashlib.sha256()
    for folder in ("ccxt_ext", "tests", "scripts/mutate"):
        for path in sorted((TOP / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    kept = KEPT / f"{name}-{digest.hexdigest()[:16]}.pickle"
    if kept.exists():
        found: Baseline = pickle.loads(kept.read_bytes())
        return found
    print(f"{name}: the tests as they are", file=sys.stderr, flush=True)
    found = baseline(room)
    warm = Warm(room)
    try:
        unchanged = Changed(room.files[0], room.files[0].read_text(), frozenset())
        errand = warm.begin(unchanged, list(found.seconds), 3600)
        while not errand.ended():
            time.sleep(0.02)
        failed = errand.result()
        if failed is not None:
            raise SystemExit(f"mutate: {failed} of {name} fails in a fork, with nothing changed")
    finally:
        warm.end()
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in KEPT.glob(f"{name}-*.pickle"):
        old.unlink()
    kept.write_bytes(pickle.dumps(found))
    return found


def _run(chosen: list[Mutant], known: Baseline, room: Room, jobs: int) -> Iterator[Outcome]:
    warm, waiting, running, killers = Warm(room), deque(chosen), list[Trial](), Counter[str]()
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                running.append(Trial(waiting.popleft(), known, warm, killers, room.options))
            for trial in running.copy():
                outcome = trial.outcome()
                if outcome is not None:
                    running.remove(trial)
                    killers[outcome.by] += 1
                    yield outcome
            time.sleep(0.005)
    finally:
        warm.end()


class Kept:
    """The last outcome of each mutant, as long as its file is unchanged."""

    def __init__(self, room: str) -> None:
        self._path = KEPT / f"{room}.json"
        self._told: dict[str, str] = json.loads(self._path.read_text()) if self._path.exists() else {}

    def killed(self, mutant: Mutant) -> bool:
        return self._told.get(self._key(mutant)) == KILLED

    def add(self, mutant: Mutant, what: str) -> None:
        self._told[self._key(mutant)] = what
        self._path.write_text(json.dumps(self._told))

    @staticmethod
    def _key(mutant: Mutant) -> str:
        digest = hashlib.sha256(mutant.path.read_bytes()).hexdigest()[:12]
        return f"{mutant.file} {digest} {mutant.operator} {mutant.occurrence}"


def _tell(mutant: Mutant) -> None:
    old, new = mutant.change()
    print(f"{mutant.file}:{mutant.line} ({mutant.operator})\n  - {old}\n  + {new}", flush=True)


class Accepted:
    """Changes that no test notices and that do not matter, with the reasons."""

    def __init__(self) -> None:
        self.reasons: dict[tuple[str, str, str], str] = {}
        for group in yaml.safe_load(ACCEPTED.read_text()) or []:
            lines = [" ".join(line.split()) for line in group["changes"].splitlines()]
            for old, new in zip(lines[::2], lines[1::2], strict=True):
                if not (old.startswith("- ") and new.startswith("+ ")):
                    raise SystemExit(f"mutate: {ACCEPTED.name} has no change in {old!r}, {new!r}")
                self.reasons[group["file"], old[2:], new[2:]] = group["why"]

    def has(self, mutant: Mutant) -> bool:
        return (mutant.file, *mutant.change()) in self.reasons

    def stale(self) -> list[str]:
        """The entries whose lines do not exist any more."""
        texts = {file: _lines_of(TOP / file) for file, _, _ in self.reasons}
        return [f"{file}: {old}" for file, old, _ in self.reasons if old not in texts[file]]


def _lines_of(path: Path) -> set[str]:
    return {" ".join(line.split()) for line in path.read_text().splitlines()} if path.exists() else set()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutate", description=__doc__)
    parser.add_argument(
        "rooms", nargs="*", metavar="ROOM", help=f"of {' '.join(ROOMS)}; all, if none is named"
    )
    parser.add_argument(
        "--sample", type=int, metavar="N", help="so many mutants of each room, drawn by --seed"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--file", default="", metavar="PART", help="only of files whose path contains this")
    parser.add_argument(
        "--again",
        action="store_true",
        help="try only what was not killed the last time, or has changed since",
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--list", action="store_true", help="tell how many mutants there are, and run nothing"
    )
    parser.add_argument(
        "--least", type=float, default=90.0, help="fail when a room has a lower rate, in per cent"
    )
    given = parser.parse_args()
    unknown = set(given.rooms) - set(ROOMS)
    if unknown:
        parser.error(f"there is no room {', '.join(sorted(unknown))}")
    return given


def main() -> int:
    given, accepted = _arguments(), Accepted()
    for line in accepted.stale():
        print(f"accepted.yaml names a line that is gone: {line}", file=sys.stderr)
    if not given.list:
        prepare()
    rows, low = [], False
    for name in given.rooms or ROOMS:
        room = ROOMS[name]
        every = [m for path in room.files if given.file in str(path) for m in mutants(path)]
        if given.list:
            print(f"{name:16}{len(every):6}")
            continue
        chosen = every
        if given.sample is not None and given.sample < len(every):
            chosen = random.Random(f"{given.seed}:{name}").sample(every, given.sample)
        if not chosen:
            continue
        known, kept, began = _known(name, room), Kept(name), time.monotonic()
        waiting = [mutant for mutant in chosen if not given.again or not kept.killed(mutant)]
        counted = Counter({KILLED: len(chosen) - len(waiting)})
        for mutant, what, _ in _run(waiting, known, room, given.jobs):
            kept.add(mutant, what)
            if what == SURVIVED and accepted.has(mutant):
                what = EXCUSED
            elif what == SURVIVED:
                _tell(mutant)
            counted[what] += 1
        killed, excused = counted[KILLED], counted[EXCUSED]
        rate = 100 * killed / max(1, len(chosen) - excused)
        low = low or rate < given.least
        seconds = time.monotonic() - began
        numbers = f"{len(every):8}{len(chosen):8}{killed:8}{excused:10}{counted[SURVIVED]:10}"
        rows.append(f"{name:16}{numbers}{rate:8.1f} %{seconds:8.0f} s")
        print(rows[-1], flush=True)
    if rows:
        heads = (
            f"{'mutants':>8}{'tried':>8}{'killed':>8}{'accepted':>10}{'survived':>10}{'rate':>10}{'time':>10}"
        )
        print(f"\n{'room':16}{heads}")
        print("\n".join(rows))
    return int(low)


if __name__ == "__main__":
    sys.exit(main())
