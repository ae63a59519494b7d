"""Chapter 2, of the structures themselves, from a sandbox and from documented answers."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from urllib.parse import parse_qs

import ccxt
import pytest

from ccxt_ext.testing.client import Client
from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.everything import in_turn
from ccxt_ext.testing.expectations import as_query, difference, quoted, without_info
from ccxt_ext.testing.profile import Profile
from ccxt_ext.testing.structures import RESULTS, check_result
from ccxt_ext.testing.wire import Answer, Request, call


@case(
    "2.4",
    "What each method gives has ccxt's structure",
    needs=("createOrder",),
    frontend=True,
    level="trades",
    patience_s=120,
)
async def structures(trader: Client, counterparty: Client, profile: Profile) -> None:
    """Every field is there, of its type, and lists are in the order of time; on each type of market."""
    async for _, name, args, claimed in in_turn(trader, counterparty, profile):
        if claimed and name in RESULTS:
            check_result(name, await trader(name, *args))


@case(
    "2.5",
    "Each method that meets a documented answer has its structure",
    profile=("samples", "calls"),
    level="proven",
)
def documented_structures(profile: Profile, kind: str) -> None:
    """The profile's `samples` by its `calls`. A call that asks more than once may find that its answers do
    not fit each other, and say so by an error of ccxt's."""
    for method, samples in profile.samples.items():
        for answer in map(profile.documented, samples if method in RESULTS else ()):
            exchange, wire = profile.offline(kind, functools.partial(always, answer))
            try:
                result = call(exchange, method, *profile.calls[method])
            except ccxt.BaseError:
                assert len(wire.requests) > 1, method
                continue
            check_result(method, result)


def always(answer: Answer, request: Request) -> Answer:
    return answer


def names(folder: Path) -> list[str]:
    """The answers in a folder, but for those of streams."""
    return sorted(path.stem for path in folder.glob("*.json") if not path.stem.startswith("ws-"))


@case(
    "2.6",
    "Every documented answer becomes what was written down for it",
    profile=("markets_sample", "expected"),
    level="proven",
    patience_s=120,
)
def expectations(profile: Profile, kind: str) -> None:
    """Each file among the profile's `payloads` has one of the same name in `expected`: the call that meets
    it, what that sends, and the result or the error. `info` is no part of what is written down: it has to be
    a part of the answer as it was sent, or a list of such parts."""
    assert profile.payloads is not None and profile.expected is not None
    assert names(profile.payloads) and names(profile.payloads) == names(profile.expected)
    for name in names(profile.payloads):
        try:
            expectation(profile, kind, name)
        except Exception as error:
            raise AssertionError(f"{name}: {type(error).__name__}: {error}") from error


def expectation(profile: Profile, kind: str, name: str) -> None:
    expected = json.loads(text(profile.expected, name))
    payload = text(profile.payloads, expected.get("answer", name))
    # What a call asks for besides, by the path's end.
    others = {path: text(profile.payloads, other) for path, other in expected.get("others", {}).items()}

    def answer(request: Request) -> Answer:
        told = next((other for path, other in others.items() if request.path.endswith(path)), payload)
        return Answer(told, expected.get("status", 200))

    credentials = expected.get("credentials", {})
    exchange, wire = profile.offline(kind, answer, markets=expected.get("markets"), **credentials)
    arguments = expected.get("arguments", [])
    if expected["call"].startswith("parse_"):
        arguments = [json.loads(payload), *arguments]
    if "raises" in expected:
        with pytest.raises(ccxt.BaseError, match=re.escape(expected["text"])) as caught:
            call(exchange, expected["call"], *arguments)
        assert type(caught.value) is getattr(ccxt, expected["raises"])
        return
    result = call(exchange, expected["call"], *arguments)
    if re.search("_(get|post|put|delete)_", expected["call"]):
        assert quoted(result) == quoted(expected["result"])
    else:
        # As text, numbers may be as they were sent or as a float shows them.
        as_sent = json.loads(payload, parse_float=str, parse_int=str)
        stripped = without_info(result, [quoted(json.loads(payload)), as_sent])
        unlike = difference(stripped, expected["result"])
        assert unlike is None, unlike
    assert [request.line for request in wire.requests] == expected.get("request", [])
    if "token" in expected:
        assert profile.token is not None, "the profile has no token()"
        assert profile.token(exchange) == expected["token"]
    if name.split("-")[-1] == "request":
        [sent, *_] = wire.requests
        told = json.loads(text(profile.payloads, name))
        # Some documents show a query as a body.
        assert (json.loads(sent.body) if sent.body else sent.query) == (told if sent.body else as_query(told))
    if name.endswith("request-fields"):
        fields = {key: values[0] for key, values in parse_qs(wire.requests[0].body).items()}
        assert fields == json.loads(text(profile.payloads, name))


def text(folder: Path | None, name: str) -> str:
    assert folder is not None
    return (folder / f"{name}.json").read_text("utf-8")
