"""Reads settings from files of JSON or TOML, and writes files whole."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ccxt_ext.sandbox.errors import SandboxError


def read_table(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The table in a file. Numbers with a point are decimals. Raises ValueError if there is none."""
    # Imported here, as the class of a sandbox writes files, and is imported often without being used.
    from decimal import Decimal

    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    name = os.fspath(path)
    try:
        with open(name, "rb") as file:
            text = file.read().decode("utf-8")
    except OSError as error:
        raise ValueError(f"{name}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ValueError(f"{name}: it is no text") from None
    try:
        if name.lower().endswith(".toml"):
            table = tomllib.loads(text, parse_float=Decimal)
        else:
            table = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        kind = "TOML" if name.lower().endswith(".toml") else "JSON"
        raise ValueError(f"{name}: it is no {kind}: {error}") from None
    if not isinstance(table, dict):
        raise ValueError(f"{name}: it has to be a table of names and values")
    return table


def write_whole(file: str | os.PathLike[str], data: bytes) -> None:
    """Write a file, all of it or nothing. Raises SandboxError if it cannot be."""
    path = Path(file)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        try:
            beside.write_bytes(data)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise SandboxError(f"cannot write {path}: {error.strerror or error}") from None


def with_texts(value: Any) -> Any:
    """A value of a file with its decimals as texts, as the control port takes them."""
    if isinstance(value, Mapping):
        return {str(key): with_texts(member) for key, member in value.items()}
    if isinstance(value, list):
        return [with_texts(member) for member in value]
    from decimal import Decimal  # here, as above

    return format(value, "f") if isinstance(value, Decimal) else value
