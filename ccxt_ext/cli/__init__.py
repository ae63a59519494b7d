"""The command `ccxt-ext`. One module a command; ccxt and the sandbox are imported where they are needed."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    import sys

    from ccxt_ext.cli.app import run

    return run(sys.argv[1:] if arguments is None else list(arguments))
