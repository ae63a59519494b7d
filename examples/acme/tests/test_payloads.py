"""Each payload that the venue publishes, through the method that meets it, against what it has to become.

An expectation in expected/ has the method that is called, its arguments, the requests that it makes the
client send, and the result without `info`; or what is raised, with a part of its text. A payload whose name
ends in -request is a body that the client sends; `answer` names what it is answered then.
"""

import json
from pathlib import Path

import ccxt
import pytest
from offline import PAYLOADS, client, payload

EXPECTED = Path(__file__).parent / "expected"
NAMES = sorted(path.stem for path in EXPECTED.glob("*.json"))


def test_every_payload_has_an_expectation():
    payloads = {path.stem for path in PAYLOADS.glob("*.json")}
    assert {name for name in payloads if not name.startswith("ws-")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_payload(name):
    expected = json.loads((EXPECTED / f"{name}.json").read_text())
    exchange, sent = client(payload(expected.get("answer", name)), expected.get("status", 200))
    call = getattr(exchange, expected["call"])
    arguments = expected.get("arguments", [])
    if "raises" in expected:
        with pytest.raises(ccxt.BaseError, match=expected["text"]) as caught:
            call(*arguments)
        assert type(caught.value) is getattr(ccxt, expected["raises"])
        return
    assert difference(call(*arguments), expected["result"]) is None
    assert sent.lines == expected["request"]
    if name.endswith("-request"):
        assert json.loads(sent.requests[0].body) == json.loads(payload(name))


def difference(got, wanted, where="result"):
    """Where the result is not what is expected, or None. It may have more keys: ccxt adds some over time."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        found = (difference(got.get(key), value, f"{where}.{key}") for key, value in wanted.items())
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        pairs = enumerate(zip(got, wanted, strict=True))
        found = (difference(*pair, f"{where}[{place}]") for place, pair in pairs)
    elif isinstance(wanted, float):
        return None if got == pytest.approx(wanted) else f"{where} is {got!r}, not {wanted!r}"
    else:
        return None if got == wanted else f"{where} is {got!r}, not {wanted!r}"
    return next(filter(None, found), None)


def test_difference_finds_one():
    assert difference({"a": [1.0, 2]}, {"a": [1.0, 3]}) == "result.a[1] is 2, not 3"
    assert difference([1], [1, 2]) is not None
    assert difference({"a": 1, "b": 2}, {"a": 1}) is None
