"""The command `ccxt-ext`. Each subcommand is a module, and imports ccxt and the sandbox only when needed."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    import sys

    from ccxt_ext.cli.app import run

    return run(sys.argv[1:] if arguments is None else list(arguments))
