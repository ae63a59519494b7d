"""`ccxt-ext new-venue`: writes a venue that runs at once, for its author to change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from ccxt_ext.cli.exits import WrongUse

NAME = "new-venue"


def new_venue(
    id: Annotated[str, typer.Argument(metavar="ID", help="The ccxt id: small letters and digits.")],
    external: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Make a project of its own in this folder, which is new or empty."),
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What the venue is called.")] = None,
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="Where its API is, such as https://api.example.com.")
    ] = None,
    swap: Annotated[bool, typer.Option("--swap", help="With a linear perpetual contract.")] = False,
    streams: Annotated[
        bool, typer.Option("--streams", help="With order books over a WebSocket; else all is polled.")
    ] = False,
) -> int:
    """Write a venue that runs at once, for you to change.

    It speaks an invented protocol, as does its side of the sandbox, and has its payloads, its page and its
    tests. Comments say what the venue's documents decide. See docs/adding-a-venue.md.
    """
    from ccxt_ext.authoring.new_venue import Answers, Unfit, WouldOverwrite, project_files, write_all

    try:
        flags = [flag for flag, is_given in (("swap", swap), ("streams", streams)) if is_given]
        answers = Answers.checked(id, name, url, flags, taken_ids())
        if external is None:
            raise WrongUse(NAME, "only --external DIR is possible")
        check_empty(external)
        files = project_files(answers)
        write_all(external, files)
    except (Unfit, WouldOverwrite, OSError) as error:
        raise WrongUse(NAME, str(error)) from None
    report(external, files, project_steps(external, id))
    return 0


def taken_ids() -> set[str]:
    """Ids of ccxt's and of all plug-ins, and other names that ccxt has."""
    import ccxt

    from ccxt_ext import plugins

    installed = (id for kind in plugins.KINDS for id in plugins.ids(kind))
    return {*dir(ccxt), *installed, *plugins.conflicts(), *(each.id for each in plugins.shut_out())}


def check_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUse(NAME, f"{folder} is not an empty folder")


def report(root: Path, files: Mapping[str, str], steps: Iterable[str]) -> None:
    for path in files:
        print(f"wrote {root / path}")
    print("\nNext:")
    for step in steps:
        print(f"    {step}")


def project_steps(folder: Path, id: str) -> list[str]:
    return [
        f"cd {folder}",
        "python -m pip install -e '.[test]'",
        "python -m pytest",
        f"ccxt-ext call {id} fetchTicker BTC/USDT --sandbox",
        f"ccxt-ext demo --venue {id}",
    ]
