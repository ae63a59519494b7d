"""Other answers than the venue's, to what is asked over a socket."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import aiohttp

from ccxt_ext.testing.conformance.fields import leaves

Frame = Mapping[str, Any]

# Makes an answer of the one that the venue gives, and of the part of it that says which request it is for.
Other = Callable[[Frame, Frame], str]

FIELDS = ("message", "error", "reason")


class SocketAnswers:
    """Of all connections of clients, while it is `listening`. A frame is an answer if it repeats something
    that was said for the first time, under the same name: the request's id."""

    def __init__(self) -> None:
        self._other: Other | None = None
        self._given: list[str] = []
        self._said: set[tuple[str, str]] = set()
        self._latest: set[tuple[str, str]] = set()

    @contextlib.contextmanager
    def instead(self, other: Other) -> Iterator[list[str]]:
        """Gives the answers that clients get meanwhile instead of the venue's."""
        self._other, self._given = other, []
        self._latest.clear()
        try:
            yield self._given
        finally:
            self._other = None

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        connection: Any = aiohttp.ClientWebSocketResponse
        send, receive = connection.send_str, connection.receive

        async def send_str(this: Any, text: str, *args: Any, **named: Any) -> Any:
            self._hear(text)
            return await send(this, text, *args, **named)

        async def receive_other(this: Any, *args: Any, **named: Any) -> Any:
            message = await receive(this, *args, **named)
            if message.type is not aiohttp.WSMsgType.TEXT:
                return message
            return message._replace(data=self._instead_of(message.data))

        connection.send_str, connection.receive = send_str, receive_other
        try:
            yield
        finally:
            connection.send_str, connection.receive = send, receive

    def _hear(self, text: str) -> None:
        said = set(leaves(decoded(text)))
        self._latest |= said - self._said
        self._said |= said

    def _instead_of(self, text: str) -> str:
        frame = decoded(text)
        if self._other is None or not self._latest.intersection(leaves(frame)):
            return text
        which = {name: value for name, value in frame.items() if (name, str(value)) in self._latest}
        self._given.append(self._other(frame, which))
        return self._given[-1]


def decoded(text: str) -> dict[str, Any]:
    try:
        tree = json.loads(text)
    except ValueError:
        return {}
    return tree if isinstance(tree, dict) else {}


def words_alone(text: str) -> Iterator[Other]:
    """To the right request, in none of the venue's shapes."""
    for field in FIELDS:
        yield partial(_words_alone, field, text)


def pages(text: str) -> Iterator[Other]:
    """What is no answer to anything."""
    for page in ("<html><body><h1>{}</h1></body></html>", '"{}"', '["{}"]'):
        yield partial(_page, page.format(text))
    yield partial(_page, "null")
    yield _cut_off


def answers_without_an_order(text: str) -> Iterator[Other]:
    """In the venue's shape, but with these words in place of what came of it."""
    for field in FIELDS:
        yield partial(_with_words, field, text)
    yield partial(_words_as_result, text)
    yield _without_words


def _with_words(field: str, text: str, frame: Frame, which: Frame) -> str:
    return json.dumps({**texts(frame), **which, field: text})


def _words_alone(field: str, text: str, frame: Frame, which: Frame) -> str:
    return json.dumps({**which, field: text})


def _words_as_result(text: str, frame: Frame, which: Frame) -> str:
    return json.dumps({**frame, **dict.fromkeys(nested(frame), text), **which})


def _without_words(frame: Frame, which: Frame) -> str:
    return json.dumps({**texts(frame), **which})


def _page(text: str, frame: Frame, which: Frame) -> str:
    return text


def _cut_off(frame: Frame, which: Frame) -> str:
    return json.dumps(frame)[:-9]


def texts(frame: Frame) -> dict[str, Any]:
    """What kind of frame it is: its own words, without the answer."""
    return {name: value for name, value in frame.items() if isinstance(value, str)}


def nested(frame: Frame) -> list[str]:
    return [name for name, value in frame.items() if isinstance(value, (dict, list))]
