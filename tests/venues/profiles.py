"""What the shared suites need to know about each venue. A new venue adds one entry to PROFILES."""

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from wire import Answer, Request, Wire

import ccxt_ext
import ccxt_ext.async_support

DATA = Path(__file__).parent.parent / "data"

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Profile:
    id: str
    markets_sample: str  # a documented answer of the markets' endpoint
    credentials: Mapping[str, str]
    symbol: str
    # A request that the venue answers for; `None` leaves the payload under test to the suite.
    backdrop: Callable[[Request], Answer | None] = lambda request: None
    config: Mapping[str, Any] = field(default_factory=dict)

    def kind(self, which: str) -> Any:
        return getattr(ccxt_ext if which == "sync" else ccxt_ext.async_support, self.id)

    def sample(self, name: str) -> Any:
        return json.loads((DATA / self.id / "documented" / f"{name}.json").read_text())

    def offline(
        self,
        which: str,
        answer: Callable[[Request], Answer],
        markets: Sequence[Mapping[str, Any]] | None = None,
        **config: Any,
    ) -> tuple[Any, Wire]:
        """An exchange with markets and credentials whose requests are answered by `answer`."""
        wire = Wire(answer)
        kind = self.kind(which)
        # A host of its own: what belongs to a key at a host, such as a token, is shared by all instances.
        urls = {"api": moved(kind().urls["api"], f"n{next(_numbers)}.example")}
        given = {"enableRateLimit": False, "urls": urls, **self.credentials, **self.config, **config}
        exchange = wire.exchange(kind, given)
        rows = self.sample(self.markets_sample) if markets is None else markets
        exchange.set_markets(exchange.parse_markets(rows))
        return exchange, wire


def moved(urls: Any, host: str) -> Any:
    if isinstance(urls, dict):
        return {name: moved(url, host) for name, url in urls.items()}
    return urlsplit(urls)._replace(netloc=host).geturl()


PROFILES = {
    "bitmart2": Profile(
        id="bitmart2",
        markets_sample="v2-symbols_details",
        credentials={"apiKey": "canaryApiKey", "secret": "canarySecret", "uid": "canaryMemo"},
        symbol="BMX/ETH",
        config={"token": "canaryToken"},
    ),
}
