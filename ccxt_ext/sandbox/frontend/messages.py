"""Requests, responses and refusals."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Request:
    """An HTTP request, or the one that opens a WebSocket."""

    method: str
    path: str
    query_string: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By their names in lower case."""
    body: bytes = b""
    remote: str = "127.0.0.1"
    """The client's address."""

    @cached_property
    def query(self) -> dict[str, str]:
        """The first value of each parameter; an empty one counts as missing."""
        found: dict[str, str] = {}
        for name, value in parse_qsl(self.query_string, keep_blank_values=True):
            found.setdefault(name, value)
        return {name: value for name, value in found.items() if value != ""}

    @property
    def content_type(self) -> str:
        """Without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass
class Response:
    """An HTTP response."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    done: Callable[[], None] | None = None
    """Called once the response has left, or has been dropped."""
    later: Callable[[], Awaitable[Response]] | None = None
    """If the client has to wait: a function that gives the response to send instead of this one."""


_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_response(obj: Any, status: int = 200) -> Response:
    """A response whose body is `obj` as JSON."""
    body = _to_json(obj).encode("utf-8", "replace")
    return Response(status, body, {"Content-Type": "application/json;charset=UTF-8"})


class Refusal(Exception):
    """The venue refuses a request, with a status and a text. Venues with error codes derive from it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        """The HTTP status."""
        self.message = message
        """The venue's own text."""
