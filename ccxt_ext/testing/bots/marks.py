"""What a test asks of its sandbox: the arguments of the marker `ccxt_sandbox`."""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ccxt_ext.sandbox import Sandbox, SandboxError
from ccxt_ext.sandbox.candles import moment_of

NOT_FOR_TESTS = ("self", "host", "port", "allow_hosts", "save", "simulated")
OWN = ("markets", "start")
"""What the sandbox does not know: the markets of ids that are simulated, and a date in place of start_ms."""
KNOWN = (
    *(name for name in inspect.signature(Sandbox.__init__).parameters if name not in NOT_FOR_TESTS),
    *OWN,
)


def settings_in(marks: Iterable[Any], folder: Path) -> dict[str, Any]:
    """The settings that marks ask for, the nearest first. Files are looked for from the folder."""
    found: dict[str, Any] = {}
    for mark in marks:
        if mark.args:
            raise SandboxError(
                f"@pytest.mark.ccxt_sandbox takes arguments by name, such as seed=3, not {mark.args[0]!r}"
            )
        for name, value in mark.kwargs.items():
            if name not in KNOWN:
                raise SandboxError(
                    f"@pytest.mark.ccxt_sandbox has no argument {name!r}; there are {', '.join(KNOWN)}"
                )
            found.setdefault(name, located(name, value, folder))
    if "start" in found:
        try:
            found["start_ms"] = moment_of(str(found.pop("start")))
        except ValueError as error:
            raise SandboxError(f"start: {error}") from None
    if isinstance(found.get("venues"), str):
        found["venues"] = [found["venues"]]
    return found


def located(name: str, value: Any, folder: Path) -> Any:
    """A setting in which files have their whole path."""
    if name in ("candles", "markets") and isinstance(value, Mapping):
        return {key: located("load", each, folder) for key, each in value.items()}
    is_file = isinstance(value, os.PathLike) or (
        isinstance(value, str) and (name == "load" or (name in ("scenario", "prices") and Path(value).suffix))
    )
    return folder / value if is_file else value


def key_of(value: Any) -> Any:
    """What is equal for settings that ask for the same. Files are the same until they are written anew."""
    if isinstance(value, Mapping):
        return frozenset((str(name), key_of(each)) for name, each in value.items())
    if isinstance(value, list | tuple):
        return tuple(map(key_of, value))
    if isinstance(value, Path):
        try:
            state = value.stat()
        except OSError:
            return value
        return value, state.st_mtime_ns, state.st_size
    try:
        hash(value)
    except TypeError:
        return id(value)
    return type(value), value
