"""Answers that do not arrive, or that tell nothing, after the venue may have done what it was asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import NamedTuple, NoReturn

import aiohttp
import ccxt
import requests

from ccxt_ext.testing.wire import Answer


class Cut(requests.ConnectionError, aiohttp.ServerDisconnectedError):
    """Of both libraries at once, as it stands in for either."""

    def __init__(self) -> None:
        aiohttp.ServerDisconnectedError.__init__(self)


class Late(requests.Timeout, asyncio.TimeoutError):
    pass


class Lost(NamedTuple):
    happens: Callable[[Answer], Answer]
    """Takes the venue's answer; raises, or gives another one."""
    error: type[Exception]


def cut(_: Answer) -> NoReturn:
    raise Cut()


def late(_: Answer) -> NoReturn:
    raise Late()


def instead(answer: Answer) -> Callable[[Answer], Answer]:
    return lambda _: answer


LOST: Mapping[str, Lost] = {
    "the connection cut": Lost(cut, ccxt.NetworkError),
    "no answer in time": Lost(late, ccxt.RequestTimeout),
    "a page with status 502": Lost(
        instead(Answer("<html>Bad gateway</html>", 502, "text/html")), ccxt.ExchangeNotAvailable
    ),
    # Words like those of a refusal do not make it one.
    "status 503": Lost(instead(Answer({"message": "Order not found"}, 503)), ccxt.ExchangeNotAvailable),
    "a page with status 200": Lost(instead(Answer("<html>hello</html>", 200, "text/html")), ccxt.BadResponse),
    "null": Lost(instead(Answer("null")), ccxt.BadResponse),
}

TOO_MANY = Answer({"message": "Too many requests", "code": -1, "info": "Too many requests"}, 429)
