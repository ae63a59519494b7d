"""The scenarios that come with the package, and those in files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ccxt_ext.sandbox.files import read_table
from ccxt_ext.sandbox.scenarios.scenario import BadScenario, Scenario, parse_scenario

FOLDER = Path(__file__).parent / "named"


def names() -> list[str]:
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def read_scenario(given: str | os.PathLike[str] | Mapping[str, Any]) -> Scenario:
    """A scenario by its name, from a file, or from a table. Raises BadScenario if it makes no sense."""
    if isinstance(given, Mapping):
        return parse_scenario(given)
    text = os.fspath(given)
    if text in names():
        return parse_scenario(read_table(FOLDER / f"{text}.toml"), text)
    path = Path(text)
    if not path.suffix and not path.exists():
        raise BadScenario(f"there is no scenario {text!r}; there are {', '.join(names())}, or give a file")
    try:
        return parse_scenario(read_table(path), path.stem)
    except BadScenario:
        raise
    except ValueError as error:
        raise BadScenario(str(error)) from None
