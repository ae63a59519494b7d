"""How a command ends: with an exit code, and with one line on stderr where it was not used rightly."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from ccxt_ext._ids import IDS
from ccxt_ext.program.console import one_line

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
