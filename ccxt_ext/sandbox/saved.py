"""Files with the whole state of a sandbox, for another one of the same version to go on from.

A file begins with a line that says what it is, and a line of JSON about it: the version, who brings the
venues, and the sum of what follows. That is the state, pickled and compressed.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from pickle import PicklingError
from typing import Any

from ccxt_ext._version import __version__
from ccxt_ext.sandbox.errors import SandboxError
from ccxt_ext.sandbox.frontends import check_venues, origin_of, package_of
from ccxt_ext.sandbox.pickled import NotPickled, dumps, loads

MAGIC = b"ccxt-ext sandbox, saved\n"
LONGEST_HEADER = 65_536
MOST_BYTES = 2 * 2**30
"""A state that is larger than this when it is no longer compressed is not read."""
OURS = "ccxt_ext"


@dataclass(frozen=True)
class Saved:
    """What is in a file."""

    settings: Mapping[str, Any]
    """How the sandbox was started."""
    state: Mapping[str, Any]


def pack(settings: Mapping[str, Any], state: Mapping[str, Any]) -> bytes:
    """The content of a file. Raises SandboxError if there is something that cannot be in one."""
    try:
        body = zlib.compress(dumps({"settings": dict(settings), "state": dict(state)}), 1)
    except (PicklingError, TypeError, AttributeError) as error:  # of a plug-in's frontend
        raise SandboxError(f"the state cannot be saved: {error}") from None
    header = {
        "version": __version__,
        "venues": {venue: origin_of(venue) for venue in settings["venues"]},
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    return MAGIC + json.dumps(header).encode() + b"\n" + body


def unpack(data: bytes) -> Saved:
    """What is in a file. Raises ValueError if that cannot be used here; the text says why."""
    if not data.startswith(MAGIC):
        raise ValueError("it is no file that a sandbox has saved")
    line, newline, body = data[len(MAGIC) :].partition(b"\n")
    header = _header(line) if newline and len(line) <= LONGEST_HEADER else None
    if header is None:
        raise ValueError("it is damaged: its header cannot be read")
    if header["version"] != __version__:
        raise ValueError(f"it was saved by ccxt-ext {header['version']}, and this is {__version__}")
    venues = tuple(header["venues"])
    check_venues(venues)
    for venue, origin in header["venues"].items():
        if origin != origin_of(venue):
            raise ValueError(f"{venue} was of {origin} when it was saved, and is of {origin_of(venue)} here")
    if hashlib.sha256(body).hexdigest() != header["sha256"]:
        raise ValueError("it is damaged: it is not as it was written")
    packages = {package_of(venue) for venue in venues} - {OURS}
    content = loads(_decompressed(body), packages)
    try:
        saved = Saved(dict(content["settings"]), dict(content["state"]))
    except (TypeError, ValueError, KeyError, IndexError):
        raise ValueError("it is damaged: there is no state in it") from None
    if tuple(saved.settings.get("venues", ())) != venues:
        raise ValueError("it is damaged: it has other venues than it says")
    return saved


def _header(line: bytes) -> Any:
    try:
        header = json.loads(line)
    except (ValueError, RecursionError):
        return None
    whole = (
        isinstance(header, dict)
        and all(isinstance(header.get(name), str) for name in ("version", "sha256"))
        and isinstance(header.get("venues"), dict)
        and all(isinstance(origin, str) for origin in header["venues"].values())
    )
    return header if whole else None


def _decompressed(body: bytes) -> bytes:
    inflater = zlib.decompressobj()
    try:
        data = inflater.decompress(body, MOST_BYTES)
    except zlib.error as error:
        raise NotPickled(f"it is damaged: {error}") from None
    if not inflater.eof:
        raise NotPickled("it is damaged: it has no end, or is too large")
    return data


def read(file: str | os.PathLike[str]) -> Saved:
    """What a file has. Raises ValueError with its name and what is wrong with it."""
    path = Path(file)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror or error}") from None
    try:
        return unpack(data)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
