"""What every venue's classes make of refusals, and of answers of another shape."""

import json

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from tests.ids import IDS
from tests.venues.profiles import PROFILES

ids = pytest.mark.parametrize("id", IDS)
kinds = pytest.mark.parametrize("kind", ["sync", "async"])


@pytest.mark.parametrize(
    ("id", "status", "body", "method", "error"),
    [
        pytest.param(id, *refusal, id=f"{id}-{refusal[2]}-{refusal[0]}-{refusal[1][:50]}")
        for id, profile in PROFILES.items()
        for refusal in profile.refusals
    ],
)
@kinds
def test_a_refusal_is_the_right_exception_with_the_venues_words(id, kind, status, body, method, error):
    profile = PROFILES[id]
    exchange, _ = profile.offline(kind, lambda request: Answer(body, status))
    with pytest.raises(ccxt.BaseError) as caught:
        call(exchange, method, *profile.calls[method])
    # A venue may have a subclass of its own; a bot catches ccxt's.
    assert error in type(caught.value).__mro__[:2]
    assert id in str(caught.value)
    assert all(word in str(caught.value) for word in words(json.loads(body)))


def words(tree):
    """All texts in an error body."""
    if isinstance(tree, dict | list):
        return [word for item in (tree.values() if isinstance(tree, dict) else tree) for word in words(item)]
    return [tree] if isinstance(tree, str) else []


HTML = "<html><head><title>502</title></head><body>nginx</body></html>"


@ids
@kinds
@pytest.mark.parametrize(
    ("answer", "error"),
    [
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
    ],
    ids=lambda value: f"{value.status}-{value.text[:9]}" if isinstance(value, Answer) else value.__name__,
)
def test_an_answer_of_another_shape_is_a_clear_error(id, kind, answer, error):
    profile = PROFILES[id]
    exchange, _ = profile.offline(kind, lambda request: answer)
    for method in profile.calls:
        with pytest.raises(error, match=id):
            call(exchange, method, *profile.calls[method])
