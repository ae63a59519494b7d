"""How the commands talk: to a terminal with rich, to a pipe in plain text, to scripts with exit codes."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ccxt_ext._ids import IDS

if TYPE_CHECKING:
    from rich.console import Console

FAILED = 1
WRONG_USE = 2


class WrongUse(Exception):
    """The command line cannot be meant like this; `command` is the one that was used."""

    def __init__(self, command: str, message: str) -> None:
        super().__init__(message)
        self.command = command


def known(command: str, ids: Iterable[str]) -> tuple[str, ...]:
    """`ids`, each of which has to be a venue of ours."""
    ids = tuple(ids)
    for id in ids:
        if id not in IDS:
            raise WrongUse(command, f"unknown venue {id!r}; there are {', '.join(IDS)}")
    return ids


def complain(who: str, what: object) -> None:
    print(f"{who}: {one_line(what)}", file=sys.stderr)


def one_line(text: object) -> str:
    return " ".join(str(text).split())


def console() -> Console:
    """A console for stdout that decorates and wraps on terminals only."""
    from rich.console import Console

    screen = Console(highlight=False, markup=False, emoji=False)
    if not screen.is_terminal:
        screen.soft_wrap = True
    return screen


def speaks_unicode() -> bool:
    return (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("-", "").startswith("utf")


def aligned(rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> list[str]:
    """The rows as lines of text with aligned columns; those numbered in `right` to the right."""
    table = [tuple(row) for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    flush_right = set(right)
    return [
        "  ".join(
            cell.rjust(width) if index in flush_right else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]
