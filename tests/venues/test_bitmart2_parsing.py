"""What the venue's documents leave to be inferred when answers are parsed."""

import pytest
from profiles import PROFILES
from wire import Answer, call

pytestmark = pytest.mark.parametrize("kind", ["sync", "async"])


def offline(kind, answer, **config):
    exchange, _ = PROFILES["bitmart2"].offline(kind, lambda request: Answer(answer), **config)
    return exchange


def trade(time, price):
    return {"amount": "1", "order_time": time, "price": price, "count": "1", "type": "buy"}


@pytest.mark.parametrize("rows", [2, 20])
def test_public_trades_of_one_moment_stay_in_their_sequence(kind, rows):
    # The venue sends the newest first; one taker's fills have one time, and prices that rise.
    prices = [f"{price}" for price in range(1, rows + 1)]
    for sent in (
        [trade(1525760116000, price) for price in reversed(prices)],
        [trade(1525760117000, "9"), *(trade(1525760116000, price) for price in reversed(prices))],
        [*(trade(1525760116000, price) for price in prices), trade(1525760117000, "9")],
    ):
        parsed = call(offline(kind, sent), "fetch_trades", "BMX/ETH")
        assert [entry["price"] for entry in parsed][:rows] == [float(price) for price in prices]


def test_no_public_trades(kind):
    assert call(offline(kind, []), "fetch_trades", "BMX/ETH") == []


@pytest.mark.parametrize("rows", [1, 20])
def test_a_day_without_a_change(kind, rows):
    sample = PROFILES["bitmart2"].sample("v2-ticker")
    exchange = offline(kind, [{**sample, "fluctuation": "+0.0000"}] * rows)
    parsed = call(exchange, "fetch_tickers")["BMX/ETH"]
    assert (parsed["change"], parsed["percentage"]) == (0, 0)
    assert parsed["open"] == parsed["close"] == parsed["average"] == 0.00009944


def test_a_change_that_is_not_told(kind):
    sample = PROFILES["bitmart2"].sample("v2-ticker")
    parsed = call(offline(kind, {**sample, "fluctuation": None}), "fetch_ticker", "BMX/ETH")
    assert (parsed["change"], parsed["percentage"], parsed["open"]) == (None, None, None)


@pytest.mark.parametrize(
    ("since", "limit", "params", "begin", "end"),
    [
        (600_000, 3, {}, 600_000, 779_999),
        (600_000, 3, {"until": 700_000}, 600_000, 700_000),
        (600_000, 3, {"until": 900_000}, 600_000, 779_999),
        (None, 3, {"until": 900_000}, 720_000, 900_000),
        (None, 3, {}, 720_000, 900_000),
    ],
)
def test_candles_are_asked_for_from_the_first_to_before_the_one_after_the_last(
    kind, since, limit, params, begin, end
):
    exchange = offline(kind, [])
    exchange.nonce = lambda: 900_000
    market = exchange.market("BMX/ETH")
    request = exchange.ohlcv_request(market, "1m", since, limit, params)
    assert request == {"symbol": market["id"], "step": exchange.timeframes["1m"], "from": begin, "to": end}
