"""`ccxt-ext twins`: makes the sync twins of a package's async modules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ccxt_ext.cli.exits import FAILED, WrongUse, complain

NAME = "twins"


def twins(
    package: Annotated[
        str, typer.Argument(metavar="PACKAGE", help="Its import name, or its folder.", show_default=False)
    ],
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if a twin is not as it should be.")
    ] = False,
) -> int:
    """Make the sync twins of a package's async modules.

    A module has a twin if it says so, in a line of its own: "# twin: rest_sync.py". The twin is the module
    without async and await. AsyncRestClient becomes SyncRestClient, and so do all names that begin with
    Async. What the module imports of the package or of ccxt_ext, the twin imports from the twins of these
    modules, where they have any. If you write both by hand, the line is "# twin: blocking.py, by hand".

    ruff formats the twins, by the project's settings.
    """
    from ccxt_ext.authoring.packages import NoPackage, package_of
    from ccxt_ext.authoring.twins import NoTools
    from ccxt_ext.authoring.twins import twins as twins_of

    try:
        found, problems = twins_of(package_of(package))
    except (NoPackage, NoTools) as error:
        raise WrongUse(NAME, str(error)) from None
    if not found and not problems:
        raise WrongUse(
            NAME, f"no module of {package} says that it has a twin: add `# twin: rest_sync.py` to rest.py"
        )
    for problem in problems:
        complain(f"ccxt-ext {NAME}", f"{shown(problem.path)}: {problem.what}")
    stale = [twin for twin in found if not twin.is_there]
    for twin in stale:
        if check:
            complain(f"ccxt-ext {NAME}", f"{shown(twin.path)} {twin.state}: run `ccxt-ext twins {package}`")
            print(twin.difference(), end="")
        else:
            twin.write()
            print(f"wrote {shown(twin.path)}")
    return FAILED if problems or (check and stale) else 0


def shown(path: Path) -> Path:
    """As seen from here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
