"""All the forms in which a secret may appear in a text."""

from __future__ import annotations

import base64
import binascii
import json
import re
import urllib.parse
from collections.abc import Iterator

SHORTEST = 8
"""Shorter texts are ordinary words and numbers."""

_PEM = re.compile(r"-----BEGIN [A-Z0-9 ]+-----(.*?)-----END [A-Z0-9 ]+-----", re.DOTALL)


def contents(secret: str) -> set[bytes]:
    """The bytes that a secret stands for: its own, and those that it encodes."""
    found = {secret.encode(), secret.strip().encode()}
    # A key that came from the environment has its line ends escaped.
    text = secret.replace("\\n", "\n")
    pem = _PEM.search(text)
    if pem:
        lines = [line.strip() for line in pem[1].splitlines() if len(line.strip()) >= 2 * SHORTEST]
        body = "".join(pem[1].split())
        found |= {text.encode(), body.encode(), *(line.encode() for line in lines)}
        encoded = body
    else:
        encoded = secret.strip()
    found |= set(_decoded(encoded))
    return {content for content in found if len(content) >= SHORTEST}


def _decoded(text: str) -> Iterator[bytes]:
    digits = text[2:] if text[:2] in ("0x", "0X") else text
    if re.fullmatch(r"(?:[0-9a-fA-F]{2})+", digits) and not digits.isdecimal():
        yield digits.lower().encode()
        yield bytes.fromhex(digits)
    if re.fullmatch(r"[A-Za-z0-9+/_-]+=*", text) and len(text.rstrip("=")) % 4 != 1:
        plain = text.rstrip("=").replace("-", "+").replace("_", "/")
        try:
            yield base64.b64decode(plain + "=" * (-len(plain) % 4))
        except binascii.Error:  # not base64 after all
            return


def forms(secret: str) -> list[str]:
    """The texts to look for, longest first."""
    texts: set[str] = set()
    for content in contents(secret):
        first = set(_encoded(content))
        texts |= first
        for text in first:
            texts |= set(_encoded(text.encode()))
    for text in tuple(texts):
        texts |= set(_escaped(text))
    return sorted((text for text in texts if len(text) >= SHORTEST), key=len, reverse=True)


def forms_of_proof(proof: str) -> list[str]:
    """Those of a signature or a token, which nobody encodes more than once."""
    texts = {proof, *_escaped(proof)}
    return sorted((text for text in texts if len(text) >= SHORTEST), key=len, reverse=True)


def _encoded(content: bytes) -> Iterator[str]:
    try:
        text = content.decode()
    except UnicodeDecodeError:  # bytes that are no text have only encoded forms
        pass
    else:
        yield text
        if re.fullmatch(r"0[xX][0-9a-fA-F]+", text):  # an address is written in either case, or in both
            yield from (text.lower(), text[2:].lower(), text[2:].upper(), "0x" + text[2:].upper())
    yield content.hex()
    yield content.hex().upper()
    yield base64.b32encode(content).decode().rstrip("=")
    for before in range(3):
        # As a part of something longer that was encoded: without the characters that others have a share in.
        whole = base64.b64encode(bytes(before) + content).decode()
        inner = whole[-(-8 * before // 6) : 8 * (before + len(content)) // 6]
        yield inner
        yield inner.replace("+", "-").replace("/", "_")


def _escaped(text: str) -> Iterator[str]:
    quoted = urllib.parse.quote(text, safe="")
    yield quoted
    yield urllib.parse.quote(text)
    yield urllib.parse.quote_plus(text)
    yield re.sub("%..", lambda found: found[0].lower(), quoted)
    yield urllib.parse.quote(quoted, safe="")
    inside = json.dumps(text)[1:-1]
    yield inside
    yield inside.replace("/", "\\/")
    yield json.dumps(inside)[1:-1]
