"""Every published payload of a venue, through the method that meets it, against a written expectation.

tests/data/ID/documented holds the payloads, tests/data/ID/expected what each has to become. The payloads of
streams (`ws-...`) have tests of their own; those of APIs that a venue has retired are not implemented at all.
"""

import json
import math
import re
from pathlib import Path
from urllib.parse import parse_qs

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venues.bitmart2 import signing
from tests.venues.profiles import PROFILES

DATA = Path(__file__).parent.parent / "data"


def names(id, folder):
    return sorted(
        path.stem for path in (DATA / id / folder).glob("*.json") if not path.stem.startswith("ws-")
    )


SAMPLES = [pytest.param(id, name, id=f"{id}-{name}") for id in PROFILES for name in names(id, "documented")]


def read(*parts):
    return json.loads(text(*parts))


def text(id, folder, name):
    return (DATA / id / folder / f"{name}.json").read_text()


@pytest.mark.parametrize("id", PROFILES)
def test_every_sample_has_an_expectation_and_the_other_way_round(id):
    assert names(id, "documented")
    assert names(id, "documented") == names(id, "expected")


@pytest.mark.parametrize(("id", "name"), SAMPLES)
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_sample(id, name, kind):
    expected = read(id, "expected", name)
    profile = PROFILES[id]
    payload = text(id, "documented", expected.get("answer", name))
    # What a call asks for besides, by the path's end.
    others = {path: text(id, "documented", other) for path, other in expected.get("others", {}).items()}

    def answer(request):
        told = next((other for path, other in others.items() if request.path.endswith(path)), payload)
        return Answer(told, expected.get("status", 200))

    exchange, wire = profile.offline(
        kind,
        answer,
        markets=expected.get("markets"),
        **expected.get("credentials", {}),
    )
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
        assert difference(stripped, expected["result"]) is None
    assert [request.line for request in wire.requests] == expected.get("request", [])
    if "token" in expected:
        assert signing.bearer(exchange) == expected["token"]
    if name.split("-")[-1] == "request":
        [sent, *_] = wire.requests
        told = read(id, "documented", name)
        # Some documents show a query as a body.
        assert (json.loads(sent.body) if sent.body else sent.query) == (told if sent.body else as_query(told))
    if name.endswith("request-fields"):
        sent = {key: values[0] for key, values in parse_qs(wire.requests[0].body).items()}
        assert sent == read(id, "documented", name)


def test_difference_sees_one():
    assert difference({"a": [1, None]}, {"a": [1.0], "b": None}) is not None
    assert difference({"a": True}, {"a": 1}) is not None
    assert difference({"a": "1"}, {"a": 1}) is not None
    assert difference({"a": 1, "b": None}, {"a": 1.0}) is None


def without_info(value, payload):
    """`value` without the raw rows, each of which has to be part of the payload as it is."""
    if isinstance(value, dict):
        if "info" in value:
            # One row, or those that were put together.
            rows = value["info"] if isinstance(value["info"], list) else [value["info"]]
            assert all(quoted(row) in pieces(payload) for row in rows)
        return {key: without_info(item, payload) for key, item in value.items() if key != "info"}
    return [without_info(item, payload) for item in value] if isinstance(value, list) else value


def quoted(value):
    """`value` with its numbers as text, which is how some releases of ccxt read an answer."""
    if isinstance(value, dict):
        return {key: quoted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [quoted(item) for item in value]
    return str(value) if is_number(value) else value


def pieces(payload):
    found = [payload]
    for item in (
        payload.values() if isinstance(payload, dict) else payload if isinstance(payload, list) else ()
    ):
        found += pieces(item)
    return found


def difference(got, wanted, where="result"):
    """Where the two differ, or None. A key without a value is as good as no key: ccxt adds some over time."""
    if isinstance(got, dict) and isinstance(wanted, dict):
        keys = {**wanted, **got}
        found = (difference(got.get(key), wanted.get(key), f"{where}.{key}") for key in keys)
        return next(filter(None, found), None)
    if isinstance(got, list) and isinstance(wanted, list) and len(got) == len(wanted):
        found = (difference(*pair, f"{where}[{at}]") for at, pair in enumerate(zip(got, wanted, strict=True)))
        return next(filter(None, found), None)
    if is_number(got) and is_number(wanted):
        same = math.isclose(got, wanted, rel_tol=1e-12)
    else:
        same = type(got) is type(wanted) and got == wanted
    return None if same else f"{where} is {got!r}, not {wanted!r}"


def as_query(fields):
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)
