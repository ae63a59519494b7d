"""Looks once more over a text that is about to be written, by decoding whatever may be encoded in it.

It shares no code with the redaction, which looks for forms of secrets: what one overlooks, the other finds.
"""

from __future__ import annotations

import base64
import binascii
import re
import urllib.parse
from collections.abc import Iterable, Iterator

DEPTH = 3

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{11,}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){8,}")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_ESCAPES = ((b"\\/", b"/"), (b"\\n", b"\n"), (b'\\"', b'"'), (b"\\\\", b"\\"))
_ESCAPED = re.compile(rb"\\+u00([0-7][0-9a-fA-F])")


def line_with(text: str, needles: Iterable[bytes]) -> int | None:
    """The number of the first line that holds one of the needles in whatever encoding, or None."""
    wanted = sorted(set(needles))
    for number, line in enumerate(text.splitlines(), 1):
        if holds(line.encode(), wanted):
            return number
    return None


def holds(content: bytes, needles: Iterable[bytes], depth: int = DEPTH) -> bool:
    needles = list(needles)
    if any(needle in content for needle in needles):
        return True
    return bool(depth) and any(holds(inner, needles, depth - 1) for inner in _decoded(content))


def _decoded(content: bytes) -> Iterator[bytes]:
    """All that may be encoded in it. Each way yields one text, in which the finds stand apart."""
    if b"%" in content:
        unquoted = urllib.parse.unquote_to_bytes(content.replace(b"+", b" "))
        if unquoted != content:
            yield unquoted
        yield urllib.parse.unquote_to_bytes(content)
    if b"\\" in content:
        unescaped = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)
        for escape, meaning in _ESCAPES:
            unescaped = unescaped.replace(escape, meaning)
        yield unescaped
    found = b"\0\0".join(
        bytes.fromhex(digits.decode()) for run in _HEX.finditer(content) for digits in (run[0], run[0][1:-1])
    )
    if found:
        yield found
    found = b"\0\0".join(part for run in _BASE64.finditer(content) for part in _base64(run[0]))
    if found:
        yield found


def _base64(run: bytes) -> Iterator[bytes]:
    run = run.translate(_URL_SAFE)
    for start in range(4):
        part = run[start:]
        part = part[: len(part) - (len(part) % 4 == 1)]
        try:
            yield base64.b64decode(part + b"=" * (-len(part) % 4))
        except binascii.Error:  # no base64 after all
            continue
