"""Changes the code a little, thousands of times, and tells which changes no test notices: `make mutate`."""

from __future__ import annotations

import argparse
import hashlib
import os
import pickle
import random
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

if os.environ.get("CCXT_EXT_AUTOLOAD") != "0":  # else the package is imported before it can be changed
    os.environ["CCXT_EXT_AUTOLOAD"] = "0"
    os.execv(sys.executable, [sys.executable, *sys.argv])

import yaml
from mutants import Mutant, mutants
from rooms import ROOMS, TOP, Room
from running import KILLED, SLOW, SURVIVED, Baseline, Child, baseline, prepare, tested

ACCEPTED = Path(__file__).with_name("accepted.yaml")
KEPT = TOP / ".cache" / "mutate"
EXCUSED = "survived, and does not matter"
FEW = 25  # tests that are tried first


class Outcome(NamedTuple):
    mutant: Mutant
    what: str


class Trial:
    """One mutant: first the quickest tests that run its line, then the rest of them."""

    def __init__(self, mutant: Mutant, known: Baseline) -> None:
        self.mutant = mutant
        self.known = known
        tests = sorted(_concerned(mutant, known), key=lambda test: known.seconds.get(test, 0))
        self.rounds = deque(each for each in (tests[:FEW], tests[FEW:]) if each)
        self.child: Child | None = None

    def begin(self) -> None:
        tests, mutant = self.rounds.popleft(), self.mutant
        usual = sum(self.known.seconds.get(test, 0) for test in tests)
        source = mutant.source()
        self.child = Child(lambda: tested(mutant.path, source, tests), 20 + 6 * usual)

    def outcome(self) -> Outcome | None:
        """None while it goes on."""
        if self.child is None:
            self.begin()
        assert self.child is not None
        if not self.child.ended():
            return None
        passed = self.child.result(SLOW)
        if passed is True and self.rounds:
            self.begin()
            return None
        return Outcome(self.mutant, SURVIVED if passed is True else passed or KILLED)


def _concerned(mutant: Mutant, known: Baseline) -> set[str]:
    lines = known.lines.get(str(mutant.path), {})
    for line in range(mutant.line, max(0, mutant.line - 12), -1):  # a statement may begin some lines above
        tests = lines.get(line)
        if tests and "" in tests:  # while it is imported
            return {test for some in lines.values() for test in some if test}
        if tests:
            return tests
    return set(known.seconds)  # other processes may run it, of which nothing is seen


def _known(name: str, room: Room) -> Baseline:
    """What the tests run, from the last time if nothing has changed since."""
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
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in KEPT.glob(f"{name}-*.pickle"):
        old.unlink()
    kept.write_bytes(pickle.dumps(found))
    return found


def _run(chosen: list[Mutant], known: Baseline, jobs: int) -> Iterator[Outcome]:
    waiting, running = deque(chosen), list[Trial]()
    while waiting or running:
        while waiting and len(running) < jobs:
            running.append(Trial(waiting.popleft(), known))
        for trial in running.copy():
            outcome = trial.outcome()
            if outcome is not None:
                running.remove(trial)
                yield outcome
        time.sleep(0.01)


def _tell(mutant: Mutant) -> None:
    old, new = mutant.change()
    print(f"{mutant.file}:{mutant.line} ({mutant.operator})\n  - {old}\n  + {new}", flush=True)


class Accepted:
    """Survivors that do not matter, with the reason."""

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
        """Those whose line is there no longer."""
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
        known, began = _known(name, room), time.monotonic()
        counted = Counter[str]()
        for mutant, what in _run(chosen, known, given.jobs):
            if what == SURVIVED and accepted.has(mutant):
                what = EXCUSED
            elif what == SURVIVED:
                _tell(mutant)
            counted[what] += 1
        killed, excused = counted[KILLED] + counted[SLOW], counted[EXCUSED]
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
