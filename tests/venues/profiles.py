"""What the shared suites know about each venue. A new venue brings a module ID/profile.py with a PROFILE."""

import importlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ccxt_ext.venue.keys.shared import reset_shared
from tests.ids import IDS
from tests.venues.wire import Answer, Request, Wire

DATA = Path(__file__).parent.parent / "data"

SINCE = 1525760116000  # a moment to ask data from


# What a venue refuses that has nothing else.
ALL_BUT_PLAIN_LIMIT_ORDERS = {
    "postOnly": True,
    "triggerPrice": 1,
    "stopPrice": 1,
    "stopLossPrice": 1,
    "takeProfitPrice": 1,
    "stopLoss": {"triggerPrice": 1},
    "takeProfit": {"triggerPrice": 1},
    "reduceOnly": True,
    "timeInForce": "IOC",
    "clientOrderId": "mine",
    "cost": 5,
    "marginMode": "cross",
    "trailingAmount": 1,
    "trailingPercent": 1,
}


@dataclass(frozen=True)
class Profile:
    id: str
    market_type: str
    markets_sample: str  # a documented answer of the markets' endpoint
    credentials: Mapping[str, str]
    config: Mapping[str, Any]  # more of the constructor's argument
    symbol: str
    amount: float  # of an order that the market takes, at `price`
    price: float
    # Every documented endpoint: its implicit method and its method and path, each {name} for itself.
    endpoints: Mapping[str, str]
    # Unified methods with their arguments, `SAMPLES` the documented answers that they meet.
    calls: Mapping[str, tuple[Any, ...]]
    samples: Mapping[str, tuple[str, ...]]
    # (status, body, the method that meets it, what it raises)
    refusals: Sequence[tuple[int, str, str, type[Exception]]]
    unsupported_order_params: Mapping[str, Any]
    # Of ccxt's unified parameters, those that the venue has a field for which is called the same.
    same_names: Sequence[str] = ()
    # Unified methods that send nothing, with their arguments.
    unsent: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    # A success that tells nothing.
    nothing: Any = field(default_factory=dict)
    markets_key: str | None = None  # under which that sample lists the markets
    # Further markets in the venue's own form, for samples that speak of currencies which that sample lacks.
    more_markets: Sequence[Mapping[str, Any]] = ()
    # Answers to what a call does besides its own request, such as a login; None for all the rest.
    backdrop: Callable[[Request], Answer | None] = field(default=lambda request: None)

    def kind(self, which: str) -> Any:
        """The class, which may be of a venue that is not listed yet."""
        module = "rest_sync" if which == "sync" else "rest"
        return getattr(importlib.import_module(f"ccxt_ext.venues.{self.id}.{module}"), self.id)

    def sample(self, name: str) -> Any:
        return json.loads((DATA / self.id / "documented" / f"{name}.json").read_text())

    def documented(self, name: str) -> Answer:
        return Answer(self.sample(name))

    def offline(
        self,
        which: str,
        answer: Callable[[Request], Answer],
        markets: Sequence[Mapping[str, Any]] | None = None,
        **config: Any,
    ) -> tuple[Any, Wire]:
        """An exchange with markets and credentials whose requests are answered by `answer`.

        Nothing is known of its key, though others may have been made before.
        """
        reset_shared()
        wire = Wire(lambda request: self.backdrop(request) or answer(request))
        kind = self.kind(which)
        given = {"enableRateLimit": False, **self.credentials, **self.config, **config}
        exchange = wire.exchange(kind, given)
        exchange.look_again_ms = (0,)
        if markets is None:
            sample = self.sample(self.markets_sample)
            markets = sample if self.markets_key is None else sample[self.markets_key]
            markets = [*markets, *self.more_markets]
        exchange.set_markets(exchange.parse_markets(markets))
        return exchange, wire


def moved(urls: Any, host: str, scheme: str = "https") -> Any:
    if isinstance(urls, dict):
        return {name: moved(url, host, scheme) for name, url in urls.items()}
    return urlsplit(urls)._replace(netloc=host, scheme=scheme).geturl()


class _Profiles(Mapping[str, Profile]):
    """By id, each module imported when it is first needed, as it imports this one.

    A venue without one is left out, so that the tests of the others go on; test_new_venue.py tells of it.
    """

    def __getitem__(self, id: str) -> Profile:
        if not _module_of(id).exists():
            raise LookupError(f"tests/venues/{id}/profile.py is missing: see docs/adding-a-venue.md")
        return importlib.import_module(f"tests.venues.{id}.profile").PROFILE

    def __iter__(self) -> Any:
        return (id for id in IDS if _module_of(id).exists())

    def __len__(self) -> int:
        return len(list(iter(self)))


def _module_of(id: str) -> Path:
    return Path(__file__).parent / id / "profile.py"


PROFILES = _Profiles()
