"""Requests, responses and refusals."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True, init=False)
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

    def __init__(
        self,
        method: str,
        path: str,
        query_string: str = "",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        remote: str = "127.0.0.1",
    ) -> None:
        # The constructor of a frozen dataclass sets one after the other, which takes twice as long.
        vars(self).update(
            method=method,
            path=path,
            query_string=query_string,
            headers={} if headers is None else headers,
            body=body,
            remote=remote,
        )

    @cached_property
    def query(self) -> dict[str, str]:
        """The first value of each parameter; an empty one counts as missing."""
        found: dict[str, str] = {}
        for name, value in parameters(self.query_string):
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


def parameters(text: str) -> list[tuple[str, str]]:
    """The names and values of a query or of a form, in their order; a value may be empty."""
    if "%" in text or "+" in text:
        return parse_qsl(text, keep_blank_values=True)
    fields = (field.partition("=") for field in text.split("&") if field)
    return [(name, value) for name, _, value in fields]


class Json(str):
    """Text that is JSON already, such as that of a long list that is kept until it changes."""

    __slots__ = ()


def json_reader(**hooks: Any) -> Callable[[str | bytes], Any]:
    """A function that reads JSON as `json.loads` does with these hooks, and need not be set up each time."""
    decode = json.JSONDecoder(**hooks).decode

    def read(text: str | bytes) -> Any:
        if isinstance(text, bytes):
            is_plain = text[:1] in b"{[" and text[1:2] != b"\0"
            text = text.decode("utf-8" if is_plain else json.detect_encoding(text), "surrogatepass")
        return decode(text)

    return read


_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def as_json(obj: Any, **members: Json) -> Json:
    """`obj` as JSON. If it is an object, it gets these members as well, after its own."""
    text = _to_json(obj)
    if not members:
        return Json(text)
    added = ",".join([f'"{name}":{member}' for name, member in members.items()])
    return Json(f"{text[:-1]},{added}}}" if obj else f"{{{added}}}")


def json_response(obj: Any, status: int = 200) -> Response:
    """A response whose body is `obj` as JSON."""
    body = (obj if isinstance(obj, Json) else _to_json(obj)).encode("utf-8", "replace")
    return Response(status, body, {"Content-Type": "application/json;charset=UTF-8"})


class Refusal(Exception):
    """The venue refuses a request, with a status and a text. Venues with error codes derive from it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        """The HTTP status."""
        self.message = message
        """The venue's own text."""
