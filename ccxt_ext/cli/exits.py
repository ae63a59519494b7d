"""Exit codes, and the one line on stderr that tells of wrong use."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from ccxt_ext._ids import IDS
from ccxt_ext.program.console import one_line

FAILED = 1
WRONG_USE = 2


class WrongUse(Exception):
    """The command line makes no sense. `command` is the subcommand that was used."""

    def __init__(self, command: str, message: str) -> None:
        super().__init__(message)
        self.command = command


def known(command: str, ids: Iterable[str]) -> tuple[str, ...]:
    """The ids, if each is a venue of ours; else WrongUse is raised."""
    ids = tuple(ids)
    for id in ids:
        if id not in IDS:
            raise WrongUse(command, f"unknown venue {id!r}; there are {', '.join(IDS)}")
    return ids


def complain(who: str, what: object) -> None:
    print(f"{who}: {one_line(what)}", file=sys.stderr)
