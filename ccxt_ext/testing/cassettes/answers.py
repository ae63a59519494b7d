"""What is kept of an answer: its text, which is not compressed, and the headers that tell something."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

_KEPT = re.compile(
    r"(?i)content-type|location|retry-after|link|cb-(after|before)"
    r"|.*(rate-?limit|used-weight|order-count|bapi-limit|limit-(status|reset)|remaining|throttle).*"
)


def kept_headers(headers: Mapping[str, Any]) -> dict[str, list[str]]:
    """Those that a client may read. Others tell of the machine and the hour, and some of an account."""
    return {
        name: [str(value) for value in (values if isinstance(values, list) else [values])]
        for name, values in headers.items()
        if _KEPT.fullmatch(name)
    }


def plain_body(body: bytes, headers: Mapping[str, Sequence[str]]) -> str | bytes:
    """A body that is not compressed, as text if it is one. aiohttp has undone the compression already."""
    encoding = next(
        (values[0] for name, values in headers.items() if name.lower() == "content-encoding"), None
    )
    if encoding:
        from urllib3 import HTTPResponse
        from urllib3.exceptions import DecodeError

        try:
            body = HTTPResponse(
                BytesIO(body), headers={"content-encoding": encoding}, preload_content=True
            ).data
        except DecodeError:
            body = bytes(body)
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body


def for_vcr(status: int, reason: str, headers: Mapping[str, list[str]], body: bytes) -> dict[str, Any]:
    return {
        "status": {"code": status, "message": reason},
        "headers": {**headers, "Content-Length": [str(len(body))]},
        "body": {"string": body},
    }
