"""Markets that are listed while clients run, of every venue and kind: like another one but for the name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ids import IDS
from tests.sandbox.control_box import NOON, Box

# venue, which market it is like, its name, its pair where that is not its name, where all markets are told
SPOT = {
    "bitmart2": ("BTC_USDT", "SOL_USDT", None, "/v2/symbols_details"),
    "bitexbit": ("BTC_USDT", "SOL_USDT", None, "/api/v2/public/pairs"),
    "bitexasia": ("BTC-USD", "SOL-USD", None, "/v1/markets"),
    "btex": ("BTC_USDT", "SOL_USDT", None, "/openapi1/pairs"),
}
CONTRACTS = [
    ("bitmaxfutures", "ETH-PERP", "SOL-PERP", None, "/api/pro/v2/futures/contract"),
    ("btex", "3", "7", "SOL_USDT", "/mx_data/contracts"),
    ("btex", "1", "7", "SOL_USD", "/mx_data/contracts"),
    ("btex", "101", "107", "SOL_USD", "/mx_data/contracts"),
]
LISTED = [*((venue, *rest) for venue, rest in SPOT.items()), *CONTRACTS]


def rows(answer: Any) -> list[dict[str, Any]]:
    """What a venue tells of its markets, whatever it stands in."""
    if isinstance(answer, dict):
        inner = answer.get("data", answer.get("markets", answer))
        if isinstance(inner, dict):
            return [{"id": id, **about} for id, about in inner.items()]
        return inner
    return answer


NAMES = ("contract_id", "id", "symbol", "pair")
KEYS = (
    *NAMES,
    "base",
    "base_currency",
    "contract_anchor",
    "displayName",
    "label",
    "settle_anchor",
    "underlying",
)
OWN = ("ticker", "tradingStartTime")  # what a market has of its own beside its names


def name_of(row: dict[str, Any]) -> str:
    return next(str(row[field]) for field in NAMES if field in row)


def as_named(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """A row of the one market, as it would be for the other."""
    told = {field: value for field, value in row.items() if field not in OWN}
    return {field: names.get(value, value) if field in KEYS else value for field, value in told.items()}


@pytest.mark.parametrize(("venue", "like", "market", "pair", "path"), LISTED)
def test_a_market_is_listed(venue: str, like: str, market: str, pair: str | None, path: str) -> None:
    box = Box(venue)
    engine = box.world.frontends[venue].engine
    before = list(engine.markets)
    model = engine.markets[like].spec
    told = {"venue": venue, "like": like, "market": market, **({"pair": pair} if pair else {})}
    assert box.ok("POST", "/markets", told)["markets"] == [*before, market]
    status, answer = box.send(venue, "GET", path)
    assert status == 200
    listed = {name_of(row): row for row in rows(answer)}
    spec = engine.markets[market].spec
    names = {like: market, model.base: "SOL"}
    for separator in ("_", "/", "-", ""):
        names[f"{model.base}{separator}{model.quote}"] = f"SOL{separator}{model.quote}"
    assert as_named(listed[like], names) == as_named(listed[market], {})
    assert (spec.base, spec.quote, spec.kind) == ("SOL", model.quote, model.kind)
    assert (spec.tick, spec.step, spec.tiers) == (model.tick, model.step, model.tiers)

    # It is traded, with money of its own currencies, and has a past of its own.
    new = engine.markets[market]
    assert len(new.trades()) > 100 and new.trades() != engine.markets[like].trades()
    deposit = {"venue": venue, "amount": "1000000", "wallet": spec.wallet or engine.wallets[0]}
    for account in ("config", "counterparty"):
        for currency in spec.money:
            box.ok("POST", "/deposit", {**deposit, "account": account, "currency": currency})
    amount = spec.min_amount * 10
    price = new.best_bid + spec.tick
    assert price < new.best_ask
    engine.place("config", market, "buy", price, amount)
    engine.place("counterparty", market, "sell", price, amount)
    [trade] = box.ok("GET", f"/trades?venue={venue}&account=config&market={market}")
    assert float(trade["amount"]) == float(amount)
    ledger = box.ok("GET", f"/ledger?venue={venue}")[venue]
    assert set(spec.money) <= set(ledger)
    assert all(sums["total"] == sums["deposited"] for sums in ledger.values())
    if spec.is_contract:
        assert engine.leverage("config", market) == engine.leverage("config", like)
    if spec.expiry_ms is not None:
        box.ok("POST", "/clock", {"advance_ms": spec.expiry_ms - NOON + 1})
        assert not new.active and engine.positions("config") == []

    assert box.call("POST", "/markets", told)[0] == 400  # it is there
    assert box.world.crashes == []
    box.ok("POST", "/reset")
    assert market not in box.world.frontends[venue].engine.markets
    assert market not in box.world.frontends[venue].listings


@pytest.mark.parametrize("venue", ["bitmart2", "bitexbit", "bitexasia", "btex"])
def test_a_currency_that_is_new_is_in_all_accounts(venue: str) -> None:
    box = Box(venue)
    like, market, _, _ = SPOT[venue]
    market = market.replace("SOL", "NEW")
    box.ok("POST", "/markets", {"venue": venue, "like": like, "market": market})
    deposit = {"venue": venue, "account": "config", "currency": "NEW", "amount": "2.5"}
    for wallet in box.world.frontends[venue].engine.wallets:
        assert box.ok("POST", "/deposit", {**deposit, "wallet": wallet}) == {"free": "2.5", "held": "0"}
    sums = box.ok("GET", f"/ledger?venue={venue}")[venue]["NEW"]
    assert sums["total"] == sums["deposited"] != "0"


# What makes no sense, and a word of the reason.
NONSENSE: list[tuple[str, dict[str, Any], str]] = [
    ("bitmaxfutures", {"like": "BTC-PERP"}, "'market' must be the name"),
    ("bitmaxfutures", {"like": "BTC-PERP", "market": "ETH-PERP"}, "that there is not yet"),
    ("bitmaxfutures", {"like": "BTC-PERP", "market": "SOL"}, "named like SOL-PERP"),
    ("bitmaxfutures", {"like": "BTC-PERP", "market": "-PERP"}, "named like SOL"),
    ("bitmaxfutures", {"like": "BTC-PERP", "market": "USDT-PERP"}, "named like SOL"),
    ("bitmaxfutures", {"like": "SOL-PERP", "market": "SOL-PERP"}, "unknown like"),
    ("bitmart2", {"like": "BTC_USDT", "market": "ETH_USDT"}, "that there is not yet"),
    ("bitmart2", {"like": "BTC_USDT", "market": "SOL"}, "named like SOL_"),
    ("bitmart2", {"like": "BTC_USDT", "market": "SOL-USDT"}, "named like SOL_"),
    ("bitmart2", {"like": "BTC_USDT", "market": "sol_USDT"}, "named like SOL_"),
    ("bitmart2", {"like": "BTC_USDT", "market": "NaN"}, "named like SOL_"),
    ("bitmart2", {"like": "BTC_USDT", "market": "SOL_USDT_X"}, "named like SOL_"),
    ("bitmart2", {"like": "BTC_USDT", "market": "USDT_USDT"}, "named like SOL_"),
    ("bitmart2", {"like": "BTC_USDT", "market": "SOL_EUR"}, "no market is quoted in EUR, but in BTC, ETH"),
    ("bitmart2", {"like": "BTC_USDT", "market": float("nan")}, "not JSON"),
    ("bitmart2", {"like": "BTC_USDT", "market": 7}, "'market' must be the name"),
    ("bitmart2", {"like": "BTC_USDT", "market": "SOL_USDT", "pair": "SOL_USDT"}, "'pair' is for markets"),
    ("bitmart2", {"like": "BTC_USDT", "market": "SOL_USDT", "price": "1"}, "unknown field 'price'"),
    ("bitexbit", {"like": "BTC_USD", "market": "SOL/USD"}, "named like SOL_"),
    ("bitexasia", {"like": "BTC-USD", "market": "SOL_USD"}, "named like SOL-"),
    ("btex", {"like": "3", "market": "SOL_USDT"}, "contracts have numbers"),
    ("btex", {"like": "3", "market": "07", "pair": "SOL_USDT"}, "contracts have numbers"),
    ("btex", {"like": "3", "market": "7"}, "'pair' is missing"),
    ("btex", {"like": "3", "market": "7", "pair": 7}, "'pair' must be text"),
    ("btex", {"like": "3", "market": "7", "pair": "SOL_USD"}, "no market is quoted in USD, but in USDT"),
    ("btex", {"like": "3", "market": "7", "pair": "ETH_USDT"}, "contract 4 is the one of ETH_USDT already"),
    ("btex", {"like": "BTC_USDT", "market": "7"}, "named like SOL_"),
    ("btex", {"like": "BTC_USDT", "market": "SOL_USD"}, "no market is quoted in USD,"),
    ("kraken", {"like": "BTC_USDT", "market": "SOL_USDT"}, "unknown venue 'kraken'"),
]


@pytest.mark.parametrize(("venue", "fields", "words"), NONSENSE)
def test_a_market_that_cannot_be_is_refused(
    all_venues: Box, venue: str, fields: dict[str, Any], words: str
) -> None:
    status, answer = all_venues.call("POST", "/markets", {"venue": venue, **fields})
    assert status == 400 and words in answer["error"]


def test_nothing_is_left_of_what_was_refused(all_venues: Box) -> None:
    for venue, fields, _ in NONSENSE:
        all_venues.call("POST", "/markets", {"venue": venue, **fields})
    fresh = Box()
    for venue in IDS:
        refused, known = (box.world.frontends[venue] for box in (all_venues, fresh))
        assert list(refused.engine.markets) == list(refused.listings) == list(known.engine.markets)
        assert refused.engine.currencies == known.engine.currencies
        assert refused.engine.ledger() == known.engine.ledger()


def test_a_venue_that_is_not_served_lists_nothing() -> None:
    status, answer = Box("bitmart2").call(
        "POST", "/markets", {"venue": "btex", "like": "3", "market": "7", "pair": "SOL_USDT"}
    )
    assert status == 400 and "unknown venue 'btex'; there are bitmart2" in answer["error"]
