"""What a venue repeats of a credential is told with stars in its place."""

import json

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from tests.ids import IDS
from tests.venues.profiles import PROFILES


def repeat(request):
    told = " ".join((request.url, request.body, json.dumps(request.headers)))
    return Answer({"message": told, "code": 1, "msg": told, "error": told}, 400)


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_stars_take_the_place_of_a_credential(id, kind):
    profile = PROFILES[id]
    assert all(str(value).startswith("canary") for value in profile.credentials.values())
    exchange, _ = profile.offline(kind, repeat)
    with pytest.raises(ccxt.BaseError) as caught:
        call(exchange, "fetch_balance")
    assert "***" in str(caught.value) and "canary" not in str(caught.value)
