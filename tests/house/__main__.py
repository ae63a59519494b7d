"""A table of the house's measures; with --shrink, known.txt loses what holds by now."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.house.classes import faces
from tests.house.rules import FOLDERS, KNOWN, RULES, circles_of, compared, known, our_arrows, subject
from tests.house.sources import ROOT

HEAD = "# What breaks a rule of the house today. It only becomes shorter: `python -m tests.house --shrink`."


def measures() -> Iterator[tuple[str, str, str]]:
    yield "class", "classes of ours in its MRO", "public names of ours"
    for name, face in faces():
        yield name, str(len(face.ours)), str(len(face.names))
    found = circles_of(our_arrows(), {})
    yield "circles", str(len(found)), f"{sum(map(len, found))} modules in them"
    yield "", "lines", "files"
    for name, paths in parts().items():
        yield name, f"{sum(map(lines, paths)):,}", f"{len(paths):,}"
    longest = max((path for paths in parts().values() for path in paths), key=lines)
    yield "longest file", str(lines(longest)), str(longest.relative_to(ROOT))


def parts() -> dict[str, list[Path]]:
    files = {folder: sorted((ROOT / folder).rglob("*.py")) for folder in FOLDERS}
    package = files.pop("ccxt_ext")
    twins = [path for path in package if path.name.endswith("_sync.py")]
    return {"source": sorted({*package} - {*twins}), "twins": twins, **files}


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def table() -> str:
    rows = list(measures())
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def shrink() -> list[str]:
    """Leave out what holds by now, and lower what is less by now; what is new, which stays out."""
    text, new = [HEAD], []
    for rule, listed in known().items():
        worse, better = compared(rule)
        kept = {subject(line): line for line in listed}
        for line in better:
            del kept[subject(line)]
        for line in RULES[rule]():
            if subject(line) in map(subject, better):
                kept[subject(line)] = line
        text += ["", f"[{rule}]", *sorted(kept.values())]
        new += [f"{rule}: {line}" for line in worse]
    KNOWN.write_text("\n".join(text) + "\n")
    return new


if __name__ == "__main__":
    if sys.argv[1:] == ["--shrink"]:
        new = shrink()
        sys.exit("\n".join(["not listed, and to be mended:", *new]) if new else 0)
    print(table())
