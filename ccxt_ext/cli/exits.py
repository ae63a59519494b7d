"""Exit codes, and the one line on stderr that tells of wrong use."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from ccxt_ext.plugins import ids as all_ids
from ccxt_ext.program.console import one_line

FAILED = 1
WRONG_USE = 2


class WrongUse(Exception):
    """The command line makes no sense. `command` is the subcommand that was used."""

    def __init__(self, command: str, message: str) -> None:
        super().__init__(message)
        self.command = command


def known(command: str, ids: Iterable[str]) -> tuple[str, ...]:
    """The ids, if there is each of these venues; else WrongUse is raised."""
    ids = tuple(ids)
    there = all_ids()
    for id in ids:
        if id not in there:
            raise WrongUse(command, f"unknown venue {id!r}; there are {', '.join(there)}")
    return ids


def complain(who: str, what: object) -> None:
    print(f"{who}: {one_line(what)}", file=sys.stderr)
