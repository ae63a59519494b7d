"""A market that is listed while clients run, which have loaded their markets before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ccxt

from ccxt_ext.testing.bench import Bench
from ccxt_ext.testing.conformance.asking import fields
from ccxt_ext.testing.conformance.everything import has_on
from ccxt_ext.testing.conformance.listing import turns_pages
from ccxt_ext.testing.conformance.placing import plenty, step_of
from ccxt_ext.testing.venues import kinds_of
from ccxt_ext.testing.wire import Answer, Request, call

BASES = ("SOL", "ADA", "DOT", "AVAX", "LINK", "ATOM", "NEAR", "ALGO", "XTZ", "NEW")
RICH = Decimal(100_000)
ACCOUNTS = ("config", "counterparty")
KINDS = ("spot", "linear", "inverse")

# What load_markets() leaves with an exchange.
LOADED = ("markets", "markets_by_id", "symbols", "ids", "currencies", "currencies_by_id", "codes", "unlisted")


@dataclass(frozen=True)
class Listing:
    """Two markets of a kind: one that is known, and one that is listed later."""

    id: str
    known: str
    type: str
    like: str
    """The known one's, by the venue's name."""
    market: str
    pair: str | None
    symbol: str
    base: str
    money: tuple[str, ...]
    wallet: str | None

    def on(self, bench: Bench) -> None:
        bench.frontend.list_market(self.like, self.market, self.pair)
        for account in ACCOUNTS:
            for currency in self.money:
                bench.engine.deposit(account, currency, RICH, self.wallet)


@dataclass(frozen=True)
class Traded:
    """What an account has done on a market."""

    filled: str
    rests: str
    """The ids of its orders."""
    amount: float


def exchange_of(bench: Bench, kind: str, market_type: str, account: str = "config") -> Any:
    exchange = bench.exchange(kind, account)
    exchange.options["defaultType"] = market_type
    return exchange


def listings_of(id: str) -> Iterator[Listing]:
    """A new market of each kind that the venue has, named as the venue names its own."""
    kind = kinds_of(id)[0]
    bench = Bench(id)
    exchange = bench.exchange(kind)
    markets = [each for each in call(exchange, "loadMarkets").values() if each["active"]]
    symbols = set(exchange.markets)
    for group in KINDS:
        like = next((m for m in markets if (m["spot"] if group == "spot" else m["swap"] and m[group])), None)
        if like is None:
            continue
        base = next(each for each in BASES if each not in exchange.currencies)
        market, pair = named_like(like, base, set(bench.engine.markets))
        bench.frontend.list_market(like["id"], market, pair)
        fresh = bench.exchange(kind)
        [symbol] = set(call(fresh, "loadMarkets")) - symbols
        symbols.add(symbol)
        spec = bench.engine.markets[market].spec
        yield Listing(
            id=id,
            known=like["symbol"],
            type=like["type"],
            like=like["id"],
            market=market,
            pair=pair,
            symbol=symbol,
            base=fresh.markets[symbol]["base"],
            money=tuple(spec.money),
            wallet=spec.wallet or None,
        )


def named_like(market: Any, base: str, names: set[str]) -> tuple[str, str | None]:
    """The name of another market, and its pair if the name does not tell it."""
    if market["baseId"] in market["id"]:
        return market["id"].replace(market["baseId"], base, 1), None
    assert market["id"].isdigit(), f"the suite cannot name a market as {market['id']} is named"
    number = next(n for n in range(int(market["id"]), 10**9) if str(n) not in names)
    return str(number), f"{base}_{market['quoteId']}"


def trade(bench: Bench, listing: Listing, symbol: str) -> Traded:
    """Two programs that start now: one order that is filled, and one that rests."""
    kind = kinds_of(bench.id)[0]
    ann, bob = (exchange_of(bench, kind, listing.type, account) for account in ACCOUNTS)
    for each in (ann, bob):
        call(each, "loadMarkets")
    price, low, amount = terms(ann, symbol, call(bob, "fetchOrderBook", symbol))
    filled = call(ann, "createOrder", symbol, "limit", "buy", amount, price)["id"]
    call(bob, "createOrder", symbol, "limit", "sell", amount, price)
    rests = call(ann, "createOrder", symbol, "limit", "buy", amount, low)["id"]
    return Traded(filled, rests, amount)


def terms(exchange: Any, symbol: str, book: Any) -> tuple[float, float, float]:
    """A bid's price before all others, a low one, and an amount."""
    bid = book["bids"][0][0]
    price = float(exchange.price_to_precision(symbol, bid + step_of(exchange, symbol, "price")))
    low = float(exchange.price_to_precision(symbol, bid * 0.9))
    return price, low, plenty(exchange, symbol, low)


class Earlier:
    """A client that goes on from what it knew when it loaded its markets."""

    def __init__(self, bench: Bench, kind: str, listing: Listing) -> None:
        self.bench, self.listing = bench, listing
        self.exchange = exchange_of(bench, kind, listing.type)
        del bench.wire.requests[:]
        call(self.exchange, "loadMarkets")
        self.loading = {(request.method, request.path) for request in bench.wire.requests}
        """Where the venue tells its markets."""
        self.known = {name: getattr(self.exchange, name) for name in LOADED if hasattr(self.exchange, name)}

    def has(self, method: str) -> bool:
        return has_on(self.exchange, method, self.listing.type)

    def __call__(self, method: str, *args: Any) -> Any:
        self.forget()
        return call(self.exchange, method, *args)

    def forget(self) -> None:
        for name, value in self.known.items():
            setattr(self.exchange, name, value)
        del self.bench.wire.requests[:]

    def outcome(self, method: str, *args: Any) -> Any:
        self.forget()
        return outcome(self.listing, self.exchange, method, *args)

    def asked_for(self, market: str) -> bool:
        """Whether the latest call's requests were about one market each, among them this one."""
        return any(
            value == market or (name == "path" and market in value.split("/"))
            for request in self.bench.wire.requests
            for name, value in fields(request)
        )

    def lose_markets(self) -> None:
        """They cannot be loaded any more."""

        def answer(request: Request) -> Answer:
            if (request.method, request.path) in self.loading:
                return Answer("<html></html>", 503, "text/html")
            return self.bench.answer(request)

        self.bench.wire.answer = answer

    def find_markets(self) -> None:
        self.bench.wire.answer = self.bench.answer


def summary(listing: Listing, told: Any, names: Mapping[str, str]) -> Any:
    """What has to be the same for all clients."""
    if isinstance(told, list):
        rows = [(row["symbol"], row["id"], row.get("order"), row.get("cost")) for row in told]
        return [(names.get(symbol, symbol), *more) for symbol, *more in rows]
    if "total" in told:
        return {code: told["total"].get(code) for code in (listing.base, *told["total"])}
    if "id" in told:
        return summary(listing, [told], names)
    return sorted(names.get(symbol, symbol) for symbol in told)


def outcome(listing: Listing, exchange: Any, method: str, *args: Any) -> Any:
    # A class that is ccxt's alone may tell a market that it does not know by its id.
    names = {} if turns_pages(exchange) else {listing.market: listing.symbol}
    try:
        return summary(listing, call(exchange, method, *args), names)
    except (ccxt.ArgumentsRequired, ccxt.NotSupported) as error:
        return type(error)
