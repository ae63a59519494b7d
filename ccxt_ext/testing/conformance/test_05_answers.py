"""Chapter 5, of answers: refusals, and what is no answer at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import ccxt

from ccxt_ext.testing.conformance.calls import calls_of, is_public
from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.faulty import FaultyServer
from ccxt_ext.testing.conformance.offline import Offline
from ccxt_ext.testing.conformance.raising import raised
from ccxt_ext.testing.profile import Profile
from ccxt_ext.testing.wire import Answer

Make = Callable[..., Offline]

HTML = "<html><head><title>502</title></head><body>nginx</body></html>"

# What is no answer of any venue, and the error that it is.
SHAPES: tuple[tuple[Answer, type[Exception]], ...] = (
    (Answer(HTML, 200, "text/html"), ccxt.BadResponse),
    (Answer("", 200), ccxt.BadResponse),
    (Answer('{"a": [1, 2', 200), ccxt.BadResponse),
    (Answer("null", 200), ccxt.BadResponse),
    (Answer("7", 200), ccxt.BadResponse),
    (Answer('"text"', 200), ccxt.BadResponse),
    (Answer(HTML, 500, "text/html"), ccxt.ExchangeNotAvailable),
    (Answer(HTML, 502, "text/html"), ccxt.ExchangeNotAvailable),
    (Answer(HTML, 504, "text/html"), ccxt.NetworkError),
    (Answer("", 520), ccxt.ExchangeNotAvailable),
    (Answer(HTML, 429, "text/html"), ccxt.RateLimitExceeded),
    (Answer(HTML, 403, "text/html"), ccxt.ExchangeNotAvailable),
    (Answer("[]", 418), ccxt.DDoSProtection),
)


@case("5.1", "What is no answer is a clear error, of public methods", level="reads")
def no_answer_to_public(profile: Profile, offline: Make) -> None:
    """A page of a proxy, nothing, half of an answer, or JSON of another shape: BadResponse, or the error that
    ccxt has for the status, never a KeyError, and never a success. The error begins with the venue's id."""
    check_shapes(profile, offline, public=True)


@case("5.2", "What is no answer is a clear error, of private methods", level="trades")
def no_answer_to_private(profile: Profile, offline: Make) -> None:
    """The same for balances, orders and all else that needs a key."""
    check_shapes(profile, offline, public=False)


def check_shapes(profile: Profile, offline: Make, public: bool) -> None:
    for answer, expected in SHAPES:
        made = offline(lambda request, answer=answer: answer)
        calls = {name: args for name, args in calls_of(profile, made).items() if is_public(name) is public}
        assert calls
        for name, arguments in calls.items():
            where = f"{name}, answered {answer.status} {answer.text[:20]!r}"
            error = raised(where, expected, made.exchange, name, *arguments)
            assert made.exchange.id in str(error), f"{where}: the error does not name the venue: {error}"


@case(
    "5.3",
    "A documented refusal is the right exception, with the venue's own words",
    profile=("refusals",),
    level="proven",
)
def refusals(profile: Profile, offline: Make) -> None:
    """A venue may have a subclass of its own for it: a bot catches ccxt's."""
    for status, body, name, expected in profile.refusals:
        where = f"{name}, answered {status} {body}"
        answer = Answer(body, status)
        made = offline(lambda request, answer=answer: answer)
        error = raised(where, ccxt.BaseError, made.exchange, name, *profile.calls[name])
        is_it = expected in type(error).__mro__[:2]
        assert is_it, f"{where}: {type(error).__name__}, not {expected.__name__}"
        told = str(error)
        assert profile.id in told, f"{where}: the error does not name the venue: {told}"
        missing = [word for word in words(json.loads(body)) if word not in told]
        assert not missing, f"{where}: the error leaves out {missing}: {told}"


def words(tree: Any) -> list[str]:
    """All texts in an error body."""
    if isinstance(tree, (dict, list)):
        inner: Iterable[Any] = tree.values() if isinstance(tree, dict) else tree
        return [word for item in inner for word in words(item)]
    return [tree] if isinstance(tree, str) else []


# -- answers that HTTP itself does not allow ----------------------------------------------------------------

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
JSON = b"Content-Type: application/json\r\n"
TWO = b"Content-Length: 2\r\n\r\n{}"
ODD = {
    "a charset that nobody knows": OK + b"Content-Type: application/json; charset=nonsense\r\n" + TWO,
    "a charset that is no text": OK + b"Content-Type: application/json; charset=undefined\r\n" + TWO,
    "a charset that is none": OK + b"Content-Type: application/json; charset=hex\r\n" + TWO,
    "punycode": OK + b"Content-Type: application/json; charset=punycode\r\nContent-Length: 2\r\n\r\n\xff\xfe",
    "gzip that is none": OK + JSON + b"Content-Encoding: gzip\r\n" + TWO,
    "deflate that is none": OK + JSON + b"Content-Encoding: deflate\r\n" + TWO,
    "brotli that is none": OK + JSON + b"Content-Encoding: br\r\n" + TWO,
    "zstd that is none": OK + JSON + b"Content-Encoding: zstd\r\n" + TWO,
    "a negative chunk": OK + JSON + b"Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
    "a chunk without a length": OK + JSON + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "a negative length": OK + JSON + b"Content-Length: -2\r\n\r\n{}",
    "a length that is no number": OK + JSON + b"Content-Length: two\r\n\r\n{}",
    "two lengths": OK + JSON + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "less than its length": OK + JSON + b"Content-Length: 200\r\n\r\n{}",
    "a status that is no number": b"HTTP/1.1 abc\r\n\r\n{}",
    "no header": OK + b"\x00\xff\r\n\r\n{}",
}


@case(
    "5.4",
    "An answer that cannot be read is a ccxt error, and an order's outcome is unknown then",
    needs=("createOrder",),
    frontend=True,
    level="trades",
)
async def unreadable(faulty: FaultyServer) -> None:
    """Odd charsets, encodings and lengths, over a real connection: ccxt's libraries raise errors of many
    kinds for these, which a bot does not catch. No error tells a secret."""
    for odd, sent in ODD.items():
        for name, arguments in (("createOrder", faulty.order), (faulty.read, faulty.arguments)):
            error = await faulty.raised(sent, name, *arguments)
            where = f"{name}, answered {odd}"
            assert isinstance(error, ccxt.OperationFailed), f"{where}: {error!r}"
            unknown = getattr(error, "outcome", None) == "unknown"
            assert unknown is (name == "createOrder"), f"{where}: outcome unknown is {unknown}: {error!r}"
            assert not any(secret in repr(error) for secret in faulty.secrets), f"{where}: tells a secret"
