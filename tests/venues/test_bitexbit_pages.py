"""bitexbit's lists of own trades: both sides of a trade with oneself, wherever a page ends."""

import json

import pytest
from profiles import PROFILES
from wire import Answer, call

SIDES = ["buy", "sell", "buy", "buy", "sell"]
IDS = [9, 7, 7, 5, 3]  # newest first; the second is one with oneself


def rows(api):
    for number, (id, side) in enumerate(zip(IDS, SIDES, strict=True)):
        row = {"id": id, "price": "5", "amount": "1", "type": "buy" if api == "v1" else side}
        if api == "v1":
            yield {**row, "pair": "BTC_USD", "my_side": side, "timestamp": 1600000000.5 - number}
        else:
            yield {
                **row,
                "symbol": "BTC_USD",
                "fee_amount": "0",
                "fee_rate": "0",
                "date": 1600000000500 - number,
            }


@pytest.mark.parametrize("size", [2, 3, 4, 5, 10])
@pytest.mark.parametrize("api", ["v1", "v2"])
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_both_sides_of_a_trade_with_oneself(kind, api, size, monkeypatch):
    for module in ("rest", "rest_sync"):
        monkeypatch.setattr(f"ccxt_ext.venues.bitexbit.{module}.TRADES_PAGE", size)
    asked = []

    def answer(request):
        asked.append(request)
        query = request.query
        until = int(query.get("until_id", 10))
        found = [row for row in rows(api) if row["id"] <= until][int(query.get("offset", 0)) :]
        return Answer(json.dumps(found[: int(query["limit"])]))

    exchange, _ = PROFILES["bitexbit"].offline(kind, answer)
    trades = call(exchange, "fetch_my_trades", "BTC/USD", 1, None, {"method": api})
    assert {(trade["id"], trade["side"]) for trade in trades} == set(zip(map(str, IDS), SIDES, strict=True))
    assert len(trades) == len(IDS)
    assert len(asked) <= 8
