"""`ccxt-ext new-venue`: writes a venue that runs at once, for its author to change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ccxt_ext.cli.exits import WrongUse

NAME = "new-venue"

SUITE = "python -m pytest --pyargs ccxt_ext.testing.conformance"


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
    tests. Comments say what the venue's documents decide. Without --external it becomes one of ccxt-ext's
    own, in the checkout around the current folder. See docs/adding-a-venue.md.
    """
    from ccxt_ext.authoring import new_venue as made

    flags = [flag for flag, is_given in (("swap", swap), ("streams", streams)) if is_given]
    try:
        answers = made.Answers.checked(id, name, url, flags, taken_ids())
        if external is None:
            root = made.checkout(Path.cwd())
            files, changed = made.repository_files(answers), made.changed_files(root, answers)
            steps = repository_steps(id)
        else:
            check_empty(external)
            root, files, changed = external, made.project_files(answers), {}
            steps = project_steps(root, id)
        made.write_all(root, files, changed)
    except (made.Unfit, made.NoCheckout, made.WouldOverwrite, OSError) as error:
        raise WrongUse(NAME, str(error)) from None
    for path in files:
        print(f"wrote {root / path}")
    for path in changed:
        print(f"changed {root / path}")
    print("\nNext:", *(f"    {step}" for step in steps), sep="\n")
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


def project_steps(folder: Path, id: str) -> list[str]:
    return [
        f"cd {folder}",
        "python -m pip install -e '.[test]'",
        "python -m pytest",
        f"ccxt-ext call {id} fetchTicker BTC/USDT --sandbox",
        f"ccxt-ext demo --venue {id}",
        f"{SUITE} --ccxt-profile tests/profile.py  # ends with a level: say it as README.md tells",
    ]


def repository_steps(id: str) -> list[str]:
    return [
        "python -m pip install -e '.[dev]'  # as there are entry points that are new",
        "make generate",
        f"ccxt-ext call {id} fetchTicker BTC/USDT --sandbox",
        f"ccxt-ext demo --venue {id}",
        f"python -m pytest tests/venues tests/sandbox/frontends/{id} -k {id}",
        f"{SUITE} --ccxt-profile tests/venues/{id}/profile.py  # ends with a level: docs/plug-ins.md",
        f"python -m pytest tests/cassettes -k {id} --record-mode=rewrite  # docs/recording.md",
        "python -m pytest tests/packaging/test_new_venue.py  # tells what the venue lacks",
    ]
