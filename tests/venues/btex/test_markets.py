"""btex's markets: which contract a symbol stands for, how fees are taken, where positions end."""

import ccxt
import pytest

from ccxt_ext.testing.wire import Answer, call
from ccxt_ext.venues.btex import market_data, pairs, wallets
from tests.venues.profiles import PROFILES

PROFILE = PROFILES["btex"]
SWAP, SPOT = "BTC/USD:BTC", "BTC/USDT"

kinds = pytest.mark.parametrize("kind", ["sync", "async"])


@kinds
@pytest.mark.parametrize("ids", [("1", "11"), ("11", "1")])
def test_a_symbol_is_of_the_contract_that_is_traded(kind, ids):
    """The venue goes on listing contracts that are closed, which may have been listed anew."""
    contract, ticker = (PROFILE.sample(f"mx_data-{name}")["data"][0] for name in ("contracts", "tickers"))
    changes = {"1": {"status": "1"}, "11": {"status": "-1", "maker_fee": "0.5"}}
    prices = {"1": "4000", "11": "7"}

    def answer(request):
        if "contracts" in request.path:
            rows = [{**contract, "contract_id": id, **changes[id]} for id in ids]
        else:
            rows = [
                {**ticker, "contract_id": id, "latest": prices[id], "fair_price": prices[id]} for id in ids
            ]
        return Answer({"code": 1, "info": "ok", "data": rows})

    exchange, _ = PROFILE.offline(kind, answer, markets=[], options={"fetchMarkets": ["swap"]})
    exchange.markets = None
    call(exchange, "load_markets")
    assert (exchange.market(SWAP)["id"], exchange.market(SWAP)["active"]) == ("1", True)
    assert exchange.market("11")["active"] is False
    assert call(exchange, "fetch_tickers")[SWAP]["last"] == 4000
    assert call(exchange, "fetch_funding_rates")[SWAP]["markPrice"] == 4000
    assert call(exchange, "fetch_trading_fees")[SWAP]["maker"] == -0.0005


@pytest.mark.parametrize(("option", "currency", "cost"), [("base", "BTC", 0.004), ("quote", "USDT", 0.4)])
def test_fees_of_spot_buys_are_in_the_currency_that_trades_tell(option, currency, cost):
    exchange, _ = PROFILE.offline("sync", lambda request: Answer(), options={"spotBuyFeeCurrency": option})
    fee = exchange.calculate_fee(SPOT, "limit", "buy", 2, 100, "maker")
    assert (fee["currency"], fee["cost"]) == (currency, cost)
    trade = PROFILE.sample("openapi1-auth_api-mytrades")["data"][0]
    assert exchange.parse_trade({**trade, "trade_type": "buy"})["fee"]["currency"] == currency


@pytest.mark.parametrize(
    ("told", "price"), [("0.00000000", None), (0, None), ("4665.63780374", 4665.63780374)]
)
def test_no_liquidation_price_is_none(told, price):
    """A short position would seem to be far beyond one of zero."""
    exchange, _ = PROFILE.offline("sync", lambda request: Answer())
    row = PROFILE.sample("mx_openapi1-active_positions")["data"]["position_lists"][0]
    assert exchange.parse_position({**row, "liquidation_price": told})["liquidationPrice"] == price


def answered(kind, *samples, **options):
    """An exchange that is answered with the samples in turn, and nothing beyond."""
    answers = iter(samples)
    return PROFILE.offline(kind, lambda request: Answer(next(answers)), options=options)


@kinds
def test_best_prices_in_a_ticker_when_asked_for(kind):
    for symbol, samples in (
        (SWAP, ("mx_data-tickers", "mx_data-orderbook")),
        (SPOT, ("openapi1-pair", "openapi1-orderbook")),
    ):
        ticker, book = map(PROFILE.sample, samples)
        if symbol == SPOT:
            ticker["data"] = {"BTC_USDT": next(iter(ticker["data"].values()))}
        exchange, wire = answered(kind, ticker, book, bestPricesInTicker=True)
        told = call(exchange, "fetch_ticker", symbol)
        assert len(wire.requests) == 2 and told["bid"] < told["ask"] and told["bidVolume"] > 0
        exchange, wire = answered(kind, ticker, {**book, "data": {name: [] for name in book["data"]}})
        exchange.options["bestPricesInTicker"] = True
        assert call(exchange, "fetch_ticker", symbol)["bid"] is None
        exchange, wire = answered(kind, ticker)
        assert call(exchange, "fetch_ticker", symbol)["bid"] is None and len(wire.requests) == 1


@kinds
def test_last_prices(kind):
    exchange, _ = answered(kind, PROFILE.sample("mx_data-tickers"))
    assert call(exchange, "fetch_last_prices")[SWAP]["price"] == 3902.07
    exchange, _ = answered(kind, PROFILE.sample("openapi1-pairs"))
    prices = call(exchange, "fetch_last_prices", [SPOT])
    assert list(prices) == [SPOT] and prices[SPOT]["price"] > 0


@kinds
def test_positions_are_not_hedged(kind):
    exchange, wire = answered(kind)
    assert call(exchange, "fetch_position_mode", SWAP)["hedged"] is False
    assert call(exchange, "set_position_mode", False)["hedged"] is False
    with pytest.raises(ccxt.NotSupported, match="hedged"):
        call(exchange, "set_position_mode", True, SWAP)
    assert wire.requests == []


@pytest.mark.parametrize("fees", [("0.003", "0.001"), ("0.001", "0.003"), ("0.003", None), (None, "0.003")])
def test_a_pairs_fee_is_the_larger_of_its_two(fees):
    exchange, _ = PROFILE.offline("sync", lambda request: Answer({}))
    row = {"pair": "BTC_USDT", "buy_fee": fees[0], "sell_fee": fees[1]}
    assert pairs.parse_market(exchange, row)["taker"] == 0.003


@kinds
def test_a_currency_may_be_all_free_or_all_on_hold(kind):
    told = {"balances_available": {"BTC": "1.5"}, "balance_hold": {"ETH": "2"}, "servertimestamp": 5}
    exchange, _ = answered(kind, {"code": 1, "info": "ok", "data": told})
    balance = call(exchange, "fetch_balance", {"type": "spot"})
    parts = {code: (balance[code]["free"], balance[code]["used"]) for code in ("BTC", "ETH")}
    assert parts == {"BTC": (1.5, 0), "ETH": (0, 2)}
    assert (balance["timestamp"], balance["datetime"]) == (5000, "1970-01-01T00:00:05.000Z")


@kinds
@pytest.mark.parametrize(
    "parse",
    [wallets.contract_balance_by_rows, wallets.parse_contract_balance],
)
def test_what_is_used_is_margin_of_positions_and_of_orders(kind, parse):
    exchange, _ = answered(kind)
    row = {"coin": "BTC", "balance": "1", "position_margin": "0.5", "order_margin": "0.25", "total": "1.75"}
    balance = parse(exchange, {"balances": [row]}, "answer")
    assert balance["BTC"] == {"free": 1, "used": 0.75, "total": 1.75}
    assert balance["info"] == "answer"


@kinds
@pytest.mark.parametrize("data", [1, "text", {}, [1], [[1], {}], None])
def test_candles_that_are_none(kind, data):
    exchange, _ = answered(kind, {"code": 1, "info": "ok", "data": data})
    with pytest.raises(ccxt.BadResponse):
        call(exchange, "fetch_ohlcv", SWAP)


@kinds
def test_fees_are_shares_and_of_one_tier(kind):
    exchange, _ = answered(kind)
    market = exchange.market(SWAP)
    fee = market_data.trading_fee(market)
    assert fee == {
        "info": market["info"],
        "symbol": SWAP,
        "maker": market["maker"],
        "taker": market["taker"],
        "percentage": True,
        "tierBased": False,
    }
