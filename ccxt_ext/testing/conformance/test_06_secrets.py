"""Chapter 6: no credential appears in an error, a log line, a repr or verbose output."""

from __future__ import annotations

import asyncio
import json
import pickle
from collections.abc import Callable, Mapping
from typing import NoReturn

import aiohttp
import ccxt
import requests

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.testing.client import Client
from ccxt_ext.testing.conformance.calls import calls_of
from ccxt_ext.testing.conformance.cases import ALL, case
from ccxt_ext.testing.conformance.desk import Desk
from ccxt_ext.testing.conformance.offline import Offline
from ccxt_ext.testing.conformance.overhearing import Overheard, check_silent, secrets_of, told_by
from ccxt_ext.testing.conformance.placing import some_order
from ccxt_ext.testing.conformance.raising import raised
from ccxt_ext.testing.profile import Profile
from ccxt_ext.testing.wire import Answer, Request, call

Make = Callable[..., Offline]
World = Callable[[Request], Answer]


class Broken(requests.ConnectionError, aiohttp.ClientConnectionError):
    """Of both libraries at once, as it stands in for either."""


def refusing(request: Request) -> Answer:
    told = text_of(request)
    return Answer({"message": told, "code": 1, "msg": told, "error": told}, 400)


def page(request: Request) -> Answer:
    return Answer(f"<html>{request.url} {request.body} {request.headers}</html>", 502, "text/html")


def breaking(request: Request) -> NoReturn:
    raise Broken(text_of(request))


def text_of(request: Request) -> str:
    return " ".join((request.url, request.body, json.dumps(request.headers)))


# A venue, a proxy before it, or the library below, which repeat all that they were sent.
WORLDS: Mapping[str, World] = {
    "a refusal that repeats the request": refusing,
    "a page that repeats the request": page,
    "a broken connection whose error repeats the request": breaking,
}


def all_calls(profile: Profile, offline: Make, verbose: bool, errors: bool) -> None:
    """Each call in each world, and what is told of it."""
    sent = False
    overheard = Overheard()
    secrets: dict[str, str] = {}
    for name, world in WORLDS.items():
        for method, arguments in calls_of(profile, offline()).items():
            made = offline(world, verbose=verbose)
            secrets = secrets_of(made.exchange)
            where = f"{method}, answered by {name}"
            before = len(overheard.log), len(overheard.printed)
            with overheard.listening():
                error = raised(where, ccxt.BaseError, made.exchange, method, *arguments)
            assert made.wire.requests, f"{where}: nothing was sent"
            sent = sent or any(
                secret in text_of(request) for request in made.wire.requests for secret in secrets
            )
            if errors:
                check_silent(f"{where}: the error", told_by(error), secrets)
            else:
                check_silent(f"{where}: the log", overheard.log[before[0] :], secrets)
                check_silent(f"{where}: what is printed", overheard.printed[before[1] :], secrets)
    assert sent, "no request had a credential in it, so the case shows nothing"
    assert errors or overheard.log, "nothing was logged, so the case shows nothing"
    assert overheard.printed or not verbose, "nothing was printed, so the case shows nothing"


@case("6.1", "No error tells a credential", level="trades")
def errors(profile: Profile, offline: Make) -> None:
    """Neither its text, nor its repr, arguments or traceback, even if the venue, a proxy or the library below
    repeats the request."""
    all_calls(profile, offline, verbose=False, errors=True)


@case("6.2", "No log line tells a credential", level="trades")
def log(profile: Profile, offline: Make) -> None:
    """With everything logged, from the root's logger down."""
    all_calls(profile, offline, verbose=False, errors=False)


@case("6.3", "Verbose output tells no credential", level="trades")
def verbose_output(profile: Profile, offline: Make) -> None:
    """`verbose = True`, which bots' users are asked to set when they report a bug."""
    all_calls(profile, offline, verbose=True, errors=False)


@case(
    "6.4",
    "What goes well tells no credential either",
    needs=("createOrder", "cancelOrder"),
    frontend=True,
    level="trades",
)
def successes(desk: Callable[..., Desk]) -> None:
    """An order, the balance, the open orders and a cancel, verbose and with everything logged."""
    overheard = Overheard()
    with overheard.listening():
        made = desk(verbose=True)
        order = made.place()
        for method in ("fetchBalance", "fetchOpenOrders"):
            if made.exchange.has.get(method):
                made(method, *([] if method == "fetchBalance" else [made.symbol]))
        made("cancelOrder", order["id"], made.symbol)
    secrets = secrets_of(made.exchange)
    assert any(secret in text_of(request) for request in made.wire.requests for secret in secrets)
    assert overheard.log and overheard.printed, "nothing was logged or printed, so the case shows nothing"
    check_silent("the log", overheard.log, secrets)
    check_silent("what is printed", overheard.printed, secrets)


@case(
    "6.5", "Documented answers are not told with a credential", profile=("samples", "calls"), level="proven"
)
def documented(profile: Profile, offline: Make) -> None:
    """Each call with its documented answer, verbose and with everything logged."""
    overheard = Overheard()
    secrets: dict[str, str] = {}
    for method, arguments in profile.calls.items():
        answer = Answer(json.dumps(profile.sample(profile.samples[method][0])))
        made = offline(lambda request, answer=answer: answer, verbose=True)
        secrets = secrets_of(made.exchange)
        with overheard.listening():
            try:
                call(made.exchange, method, *arguments)
            except ccxt.BaseError as error:
                # What is listed as open stays so.
                assert method == "cancelAllOrders" and "left open" in str(error), f"{method}: {error!r}"
                check_silent(f"{method}: the error", told_by(error), secrets)
        assert made.wire.requests, f"{method}: nothing was sent"
    assert overheard.log and overheard.printed
    check_silent("the log", overheard.log, secrets)
    check_silent("what is printed", overheard.printed, secrets)


@case("6.6", "The exchange itself tells no credential", kinds=ALL, level="trades")
def itself(offline: Make) -> None:
    """Neither its repr, nor as text, nor in an error that is pickled with it."""
    exchange = offline().exchange
    secrets = secrets_of(exchange)
    for text in (repr(exchange), str(exchange), f"{exchange}"):
        check_silent("the exchange", text, secrets)
    pickled = pickle.dumps(ccxt.ExchangeError(str(exchange))).decode("latin-1")
    check_silent("a pickled error", pickled, secrets)


@case(
    "6.7",
    "The error of an order with wrong arguments tells no credential",
    needs=("createOrder",),
    level="trades",
)
def wrong_arguments(offline: Make) -> None:
    """Nor does the log."""
    made = offline(refusing)
    amount, price = some_order(made.exchange, made.symbol)
    secrets = secrets_of(made.exchange)
    overheard = Overheard()
    for symbol, asked in ((made.symbol, -1), ("NO/SUCH", amount)):
        where = f"createOrder of {asked} {symbol}"
        order = (symbol, "limit", "buy", asked, price)
        with overheard.listening():
            error = raised(where, ccxt.BaseError, made.exchange, "createOrder", *order)
        check_silent(f"{where}: the error", told_by(error), secrets)
    check_silent("the log", overheard.log, secrets)


WATCHED = ("watchOrderBook", "watchOrders", "watchBalance")


@case(
    "6.8",
    "Streams tell no credential",
    needs=("watchOrderBook",),
    kinds=("pro",),
    frontend=True,
    level="streams",
    patience_s=120,
)
async def streams(watcher: Client, symbol: str, sandbox: Sandbox, id: str) -> None:
    """Not even verbose, with everything logged, and when all goes wrong: frames of garbage, cut connections
    and refused handshakes."""
    exchange = watcher.exchange
    secrets = secrets_of(exchange)
    exchange.verbose = True
    over_socket = exchange.has["watchOrderBook"] is True
    for kind in ("ws_garbage", "ws_close", "garbage", "reset") if over_socket else ("garbage", "reset"):
        sandbox.control("POST", "/faults", {"venue": id, "kind": kind, "count": 3})
    able = [name for name in WATCHED if exchange.has.get(name)]
    failed: list[BaseException] = []
    overheard = Overheard()
    with overheard.listening():
        while len(failed) < 2:
            calls = (watcher(name, *([symbol] if name != "watchBalance" else [])) for name in able)
            outcomes = await asyncio.gather(
                *(asyncio.wait_for(each, 3) for each in calls), return_exceptions=True
            )
            failed += [outcome for outcome in outcomes if isinstance(outcome, ccxt.BaseError)]
    sandbox.control("DELETE", "/faults")
    for error in failed:
        check_silent("an error", told_by(error) + repr(error.__cause__), secrets)
    assert len(overheard.log) + len(overheard.printed) > 200
    check_silent("the log", overheard.log, secrets)
    check_silent("what is printed", overheard.printed, secrets)
