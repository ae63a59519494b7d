"""The watch methods: which there are, and what each of them needs."""

from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = ["WATCH_METHODS"]

# Each watch method, and what a venue must be able to fetch for it to be polled (any of them).
POLLED: dict[str, tuple[str, ...]] = {
    "watchBalance": ("fetchBalance",),
    "watchBidsAsks": ("fetchBidsAsks",),
    "watchFundingRate": ("fetchFundingRate",),
    "watchFundingRates": ("fetchFundingRates",),
    "watchMarkPrice": ("fetchMarkPrice",),
    "watchMarkPrices": ("fetchMarkPrices",),
    "watchMyTrades": ("fetchMyTrades",),
    "watchOHLCV": ("fetchOHLCV",),
    "watchOHLCVForSymbols": ("fetchOHLCV",),
    "watchOrderBook": ("fetchOrderBook",),
    "watchOrderBookForSymbols": ("fetchOrderBook",),
    "watchOrders": ("fetchOpenOrders", "fetchOrder"),
    "watchPositions": ("fetchPositions",),
    "watchTicker": ("fetchTicker",),
    "watchTickers": ("fetchTickers", "fetchTicker"),
    "watchTrades": ("fetchTrades",),
    "watchTradesForSymbols": ("fetchTrades",),
}

#: All methods that watch something, by their names in `has`: for a venue that streams everything.
WATCH_METHODS = frozenset(POLLED)


class Table(NamedTuple):
    """Something that each symbol has one of, like a ticker."""

    watch: str
    fetch: str
    cache: str  # the exchange's attribute with the latest rows by symbol
    row: str  # the kind under which a stream tells of a single symbol


# By the kind of a subject. One symbol and a list of symbols are fetched, and so polled, by different calls.
TABLES = {
    "ticker": Table("watchTicker", "fetch_ticker", "tickers", "ticker"),
    "tickers": Table("watchTickers", "fetch_tickers", "tickers", "ticker"),
    "bidasks": Table("watchBidsAsks", "fetch_bids_asks", "bidsasks", "bidask"),
    "markPrice": Table("watchMarkPrice", "fetch_mark_price", "markPrices", "markPrice"),
    "markPrices": Table("watchMarkPrices", "fetch_mark_prices", "markPrices", "markPrice"),
    "fundingRate": Table("watchFundingRate", "fetch_funding_rate", "fundingRates", "fundingRate"),
    "fundingRates": Table("watchFundingRates", "fetch_funding_rates", "fundingRates", "fundingRate"),
}


def _leaving(watch: str) -> str:
    return "unW" + watch[1:]


def _snake(name: str) -> str:
    text = name.replace("OHLCV", "Ohlcv")
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in text)


#: the name in `has` -> the Python method, of all methods that watch or leave
METHODS = {name: _snake(name) for watch in POLLED for name in (watch, _leaving(watch))}
# ccxt has no such method: a balance cannot be left, except by closing.
del METHODS["unWatchBalance"]


def streaming_has(has: Mapping[str, Any], native: frozenset[str]) -> dict[str, Any]:
    """What `has` says of the watch methods."""
    found: dict[str, Any] = {}
    for name, fetches in POLLED.items():
        polled = "emulated" if any(has.get(fetch) for fetch in fetches) else False
        found[name] = True if name in native else polled
        if _leaving(name) in METHODS:
            found[_leaving(name)] = found[name]
    return found


def streaming_has_for(
    has: Mapping[str, Any], has_for: Mapping[str, Mapping[str, Any]], native: frozenset[str]
) -> dict[str, dict[str, Any]]:
    """What `hasFor` says of them: the types of market that a polled method lacks, as what it fetches does."""
    types = {type for by_type in has_for.values() for type in by_type}
    found: dict[str, dict[str, Any]] = {}
    for name, fetches in POLLED.items():
        if name in native or not any(has.get(fetch) for fetch in fetches):
            continue
        lacking = {
            type: False
            for type in sorted(types)
            if not any(has_for.get(fetch, {}).get(type, has.get(fetch)) for fetch in fetches)
        }
        if lacking:
            found[name] = lacking
            if _leaving(name) in METHODS:
                found[_leaving(name)] = lacking
    return found


def watched_by(method: str) -> str:
    """The watch method that a method leaves, or itself."""
    return "w" + method[3:] if method.startswith("unWatch") else method
