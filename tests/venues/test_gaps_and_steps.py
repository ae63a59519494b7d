"""What is sent of venues built from our parts: no path with a gap, and numbers where no step is known."""

import json

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call, unanswered
from ccxt_ext.venue.surface.implicit import endpoints, names
from tests.ids import IDS
from tests.venues.profiles import PROFILES

ids = pytest.mark.parametrize("id", IDS)
kinds = pytest.mark.parametrize("kind", ["sync", "async"])


@ids
@kinds
@pytest.mark.parametrize("piece", [{}, None, "", ".."], ids=repr)
def test_a_path_with_a_gap_is_not_sent(id, kind, piece):
    """It would be another endpoint's: that of an order, without its id, may be that of all orders."""
    exchange, wire = PROFILES[id].offline(kind, unanswered)
    for sections, method, path, _ in endpoints(exchange.describe()["api"]):
        gaps = exchange.extract_params(path)
        if gaps:
            params = {} if piece == {} else dict.fromkeys(gaps, piece)
            with pytest.raises(ccxt.ArgumentsRequired, match=gaps[0]):
                call(exchange, names(sections, method, path)[1], params)
    assert wire.requests == []


@ids
@kinds
def test_a_step_that_the_venue_does_not_tell(id, kind):
    """Nothing is rounded then; numbers are plain decimals all the same."""
    profile = PROFILES[id]
    sample = json.dumps(profile.sample(profile.samples["createOrder"][0]))
    exchange, wire = profile.offline(kind, lambda request: Answer(sample))
    market = exchange.market(profile.symbol)
    market["precision"] = {"amount": None, "price": None}
    market["limits"].update(amount={}, price={}, cost={})
    call(exchange, "create_order", profile.symbol, "limit", "buy", 1.23456789e-7, "1.5e-7")
    sent = wire.requests[-1].body
    assert "0.000000123456789" in sent and "0.00000015" in sent
