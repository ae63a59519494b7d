"""What holds in the whole house. Each rule gives what breaks it, a line each."""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from scripts.contract import broken_promises
from tests.house.classes import faces
from tests.house.doors import BY_NAME, LAZY, PRIVATE
from tests.house.privacy import bases_for_show, private_uses
from tests.house.public import private_imports, public_names, undocumented
from tests.house.public_members import hidden_members
from tests.house.rooms import ARROWS, folder_of, room_of
from tests.house.self_names import undefined
from tests.house.sources import ROOT, Arrow, Modules, arrows, circles, imports_by_name, read

MOST_CLASSES = 10
MOST_NAMES = 25
MOST_LINES = 600
FOLDERS = ("ccxt_ext", "tests", "scripts", "benchmarks")

KNOWN = Path(__file__).with_name("known.txt")

ours: Callable[[], Modules] = functools.cache(read)


@functools.cache
def our_arrows() -> frozenset[Arrow]:
    return frozenset(arrows(ours()))


def in_circles(every: Iterable[Arrow], doors: Mapping[tuple[str, str], str] = LAZY) -> set[str]:
    return {module for circle in circles_of(every, doors) for module in circle}


def circles_of(every: Iterable[Arrow], doors: Mapping[tuple[str, str], str] = LAZY) -> list[frozenset[str]]:
    leads: dict[str, set[str]] = defaultdict(set)
    for arrow in every:
        if (arrow.importer, arrow.imported) not in doors:
            leads[arrow.importer].add(arrow.imported)
    return circles(leads)


def doors_astray(
    modules: Modules,
    every: Iterable[Arrow],
    lazy: Mapping[tuple[str, str], str] = LAZY,
    by_name: Mapping[str, str] = BY_NAME,
) -> set[str]:
    """Imports by name that are on no list, and entries of the lists that are no doors any more."""
    found = imports_by_name(modules)
    return {
        *(f"{module} imports by name" for module in found - by_name.keys()),
        *(f"{module} imports nothing by name" for module in by_name.keys() - found),
        *(f"{a} -> {b} is no lazy import" for a, b in lazy if not _only_lazy(every, a, b)),
    }


def _only_lazy(every: Iterable[Arrow], importer: str, imported: str) -> bool:
    found = {arrow.lazy for arrow in every if (arrow.importer, arrow.imported) == (importer, imported)}
    return found == {True}


def wrong_arrows(every: Iterable[Arrow], allowed: Mapping[str, set[str]] = ARROWS) -> set[str]:
    """From folder to folder."""
    wrong = set()
    for importer, imported, _ in every:
        home, goal = room_of(importer), room_of(imported)
        ends = folder_of(importer), folder_of(imported)
        if ends[0] != ends[1] and goal not in allowed.get(home, ()):
            wrong.add(" -> ".join(ends))
    return wrong


def long_mros() -> set[str]:
    return {f"{name}: {len(face.ours)}" for name, face in faces() if len(face.ours) > MOST_CLASSES}


def wide_faces() -> set[str]:
    return {f"{name}: {len(face.names)}" for name, face in faces() if len(face.names) > MOST_NAMES}


def long_files(root: Path = ROOT) -> set[str]:
    return {
        f"{path.relative_to(root)}: {count}"
        for folder in FOLDERS
        for path in (root / folder).rglob("*.py")
        if (count := len(path.read_text("utf-8").splitlines())) > MOST_LINES
    }


def others_private_names(modules: Modules, allowed: Mapping[str, str] = PRIVATE) -> set[str]:
    found = {f"{module}: {name}" for module, name in private_uses(modules)}
    return {*(found - allowed.keys()), *(f"{entry} is not used" for entry in allowed.keys() - found)}


def shown_bases(modules: Modules) -> set[str]:
    return {f"{module}.{kind}" for module, kind in bases_for_show(modules)}


def private_parts(modules: Modules) -> set[str]:
    return {f"{module}: {name}" for module, name in private_imports(modules, public_names(modules))}


def hidden_parts(modules: Modules) -> set[str]:
    return {f"{module}: {name}" for module, name in hidden_members(modules)}


def undefined_names() -> set[str]:
    """By class, how many it uses that neither it nor a base of it has."""
    counts = Counter(kind for kind, _ in undefined(ours(), ("ccxt_ext.venue", "ccxt_ext.venues")))
    return {f"{kind}: {count}" for kind, count in counts.items()}


RULES: Mapping[str, Callable[[], set[str]]] = {
    "no circles": lambda: in_circles(our_arrows()),
    "doors are listed": lambda: doors_astray(ours(), our_arrows()),
    "arrows run one way": lambda: wrong_arrows(our_arrows()),
    f"at most {MOST_CLASSES} classes of ours in an MRO": long_mros,
    f"at most {MOST_NAMES} public names of ours": wide_faces,
    f"no file over {MOST_LINES} lines": long_files,
    "no private name of another module": lambda: others_private_names(ours()),
    "no base for show": lambda: shown_bases(ours()),
    "every name on self is defined": undefined_names,
    "venues and frontends are built of what is public": lambda: private_parts(ours()),
    "what is public is documented": lambda: set(undocumented(ROOT)),
    "what is used of public classes is documented": lambda: hidden_parts(ours()),
    "what the contract has promised is kept": broken_promises,
}


def known() -> dict[str, set[str]]:
    """What is known to break a rule today: under its heading in known.txt."""
    found: dict[str, set[str]] = {rule: set() for rule in RULES}
    rule = ""
    for line in KNOWN.read_text("utf-8").splitlines():
        if line.startswith("# "):
            continue
        if line.startswith("["):
            rule = line.strip("[]")
        elif line.strip():
            found[rule].add(line.strip())
    return found


def compared(rule: str) -> tuple[list[str], list[str]]:
    """What is worse than what is known, and what of that is better by now."""
    found = {subject(line): line for line in RULES[rule]()}
    listed = {subject(line): line for line in known()[rule]}
    worse = [line for what, line in found.items() if what not in listed or count(line) > count(listed[what])]
    better = [line for what, line in listed.items() if what not in found or count(line) > count(found[what])]
    return sorted(worse), sorted(better)


def subject(line: str) -> str:
    return re.sub(r": \d+$", "", line)


def count(line: str) -> int:
    found = re.search(r": (\d+)$", line)
    return int(found[1]) if found else 0
