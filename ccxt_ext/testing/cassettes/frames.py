"""Frames as they are on file."""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Callable
from typing import Any


def _inflated(data: bytes) -> bytes:
    return zlib.decompress(data, -zlib.MAX_WBITS)


def _deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


_Change = Callable[[bytes], bytes]
_WAYS: dict[str, tuple[_Change, _Change]] = {
    "gzip": (gzip.decompress, gzip.compress),
    "zlib": (zlib.decompress, zlib.compress),
    "deflate": (_inflated, _deflated),
}


def told(data: str | bytes) -> Any:
    """A frame as text, or how its bytes come from a text, so that secrets are seen in it."""
    if isinstance(data, str):
        return data
    for way, (unpack, _) in _WAYS.items():
        try:
            return {way: unpack(data).decode()}
        except (OSError, EOFError, zlib.error, UnicodeDecodeError):  # not in this way
            continue
    try:
        return {"bytes": data.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def text_of(frame: Any) -> str:
    return frame if isinstance(frame, str) else str(next(iter(frame.values())))


def with_text(frame: Any, text: str) -> Any:
    return text if isinstance(frame, str) else {next(iter(frame)): text}


def data_of(frame: Any) -> str | bytes:
    if isinstance(frame, str):
        return frame
    ((way, text),) = frame.items()
    if way == "bytes":
        return str(text).encode()
    if way == "base64":
        return base64.b64decode(text)
    return _WAYS[way][1](str(text).encode())
