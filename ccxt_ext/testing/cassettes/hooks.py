"""What is put into an exchange of a cassette: its clock, its chance, and who sees what it asks."""

from __future__ import annotations

import functools
import inspect
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from ccxt_ext.testing.cassettes.chance import load_dice
from ccxt_ext.testing.cassettes.comparing import parted
from ccxt_ext.testing.cassettes.rest import Asking, asking

if TYPE_CHECKING:
    from ccxt_ext.testing.cassettes.deck import Deck

__tracebackhide__ = True  # pytest shows the line of the test that called this

_PROOFS = re.compile(
    r"hmac|hash|rsa|ecdsa|eddsa|jwt|totp|starknet_sign|sign_\w+|eth_sign\w*|lighter_(sign|create_auth)\w*"
)
_UNIFIED = re.compile(
    r"(fetch|create|cancel|edit|close|load|withdraw|transfer|set|add|reduce|borrow|repay|(un_)?watch)_\w+|sign_in"
    r"|withdraw|transfer"
)
_STREAMING = re.compile(r"(un_)?watch_\w+|\w+_ws")

_inside: ContextVar[bool] = ContextVar("ccxt_cassette_inside", default=False)
"""Whether a unified method called this one."""
_streaming: ContextVar[bool] = ContextVar("ccxt_cassette_streaming", default=False)
"""Whether a stream is behind this."""


def attach(exchange: Any, deck: Deck) -> None:
    deck.clock.run(exchange)
    load_dice(exchange, deck.record.head.seed)
    _watch_signing(exchange, deck)
    _watch_fetch(exchange, deck)
    _watch_methods(exchange, deck)
    if hasattr(exchange, "handle_message"):
        exchange.handle_message = _as_stream(exchange.handle_message)
    if getattr(exchange, "ping", None) is not None:
        _watch_pings(exchange, deck)


def _watch_signing(exchange: Any, deck: Deck) -> None:
    sign = exchange.sign

    @functools.wraps(sign)
    def signed(*args: Any, **kwargs: Any) -> Any:
        deck.note_credentials(exchange)
        deck.clock.step()
        return sign(*args, **kwargs)

    exchange.sign = signed
    for name in dir(type(exchange)):
        method = getattr(exchange, name, None) if _PROOFS.fullmatch(name) else None
        if callable(method) and not inspect.iscoroutinefunction(method):
            setattr(exchange, name, _proving(method, deck))


def _proving(method: Callable[..., Any], deck: Deck) -> Callable[..., Any]:
    @functools.wraps(method)
    def proving(*args: Any, **kwargs: Any) -> Any:
        made = method(*args, **kwargs)
        deck.secrets.proof(made)
        return made

    return proving


def _watch_fetch(exchange: Any, deck: Deck) -> None:
    fetch = exchange.fetch

    def asked(url: str, method: str, headers: Any, body: Any) -> Asking:
        text = body.decode() if isinstance(body, bytes) else body
        if text is not None and not isinstance(text, str):
            text = json.dumps(text)
        by_stream = _streaming.get()
        return Asking(deck, method, url, text or "", dict(headers or {}), deck.clock.at, by_stream)

    if exchange.synchronous:

        @functools.wraps(fetch)
        def fetched(url: str, method: str = "GET", headers: Any = None, body: Any = None) -> Any:
            current = asked(url, method, headers, body)
            token = asking.set(current)
            deck.begin(current)
            try:
                return fetch(deck.routed(url), method, headers, body)
            except Exception as error:
                deck.went_wrong(current, error)
                raise
            finally:
                asking.reset(token)

        exchange.fetch = fetched
        return

    @functools.wraps(fetch)
    async def fetched_async(url: str, method: str = "GET", headers: Any = None, body: Any = None) -> Any:
        current = asked(url, method, headers, body)
        token = asking.set(current)
        deck.begin(current)
        try:
            return await fetch(deck.routed(url), method, headers, body)
        except Exception as error:
            deck.went_wrong(current, error)
            raise
        finally:
            asking.reset(token)
            await deck.end(current)

    exchange.fetch = fetched_async


def _watch_methods(exchange: Any, deck: Deck) -> None:
    """A call of a unified method is a step of the clock. Those of streams are events, in their order."""
    for names in _unified(type(exchange)):
        watched = _watched(names[0], names[-1], getattr(exchange, names[0]), deck)
        for name in names:
            setattr(exchange, name, watched)


def _unified(of: Any) -> Iterator[list[str]]:
    """The names of each method: as Python has it, and as other languages do."""
    spelled: dict[Any, list[str]] = {}
    for name in dir(of):
        found = getattr(of, name, None)
        if callable(found) and not name.startswith("_") and not isinstance(found, type):
            spelled.setdefault(id(found), []).append(name)
    for names in spelled.values():
        names.sort(key=lambda name: "_" not in name)
        if _UNIFIED.fullmatch(names[0]):
            yield names


def _watched(snake: str, camel: str, method: Callable[..., Any], deck: Deck) -> Callable[..., Any]:
    """The method, whether it is a coroutine function or returns something to be awaited."""
    streams = True if _STREAMING.fullmatch(snake) else False if snake == "load_markets" else None

    @functools.wraps(method)
    def called(*args: Any, **kwargs: Any) -> Any:
        if _inside.get() and streams is None:
            return method(*args, **kwargs)
        is_outermost = not _inside.get()
        with _context(streams):
            made = method(*args, **kwargs)
        if not inspect.isawaitable(made):
            return made
        return awaited(made, is_outermost, args)

    async def awaited(made: Any, is_outermost: bool, args: Any) -> Any:
        ended = deck.called([camel, *map(_plain, args)]) if is_outermost and streams else None
        try:
            with _context(streams):
                return await made
        finally:
            if ended is not None:
                ended()

    @functools.wraps(called)
    def stepping(*args: Any, **kwargs: Any) -> Any:
        if not _inside.get():
            deck.clock.step()
        return called(*args, **kwargs)

    return stepping


@contextmanager
def _context(streams: bool | None) -> Iterator[None]:
    tokens: list[tuple[ContextVar[bool], Any]] = [(_inside, _inside.set(True))]
    if streams is not None:
        tokens.append((_streaming, _streaming.set(streams)))
    try:
        yield
    finally:
        for variable, token in tokens:
            variable.reset(token)


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))


def _as_stream(handle: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(handle)
    def handled(*args: Any, **kwargs: Any) -> Any:
        with _context(True):
            return handle(*args, **kwargs)

    return handled


def _watch_pings(exchange: Any, deck: Deck) -> None:
    """Pings go out at their own times, which no replay has."""
    ping = exchange.ping

    @functools.wraps(ping)
    def pinged(client: Any) -> Any:
        message = ping(client)
        deck.pings.append(parted(message)[1] if isinstance(message, str) else message)
        return message

    exchange.ping = pinged
