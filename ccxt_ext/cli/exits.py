"""Exit codes, and the one line on stderr that tells of wrong use."""

from __future__ import annotations

import sys

from ccxt_ext.program.console import one_line

FAILED = 1
WRONG_USE = 2


class WrongUse(Exception):
    """The command line makes no sense. `command` is the subcommand that was used."""

    def __init__(self, command: str, message: str) -> None:
        super().__init__(message)
        self.command = command


def complain(who: str, what: object) -> None:
    print(f"{who}: {one_line(what)}", file=sys.stderr)
