"""The profiles of our venues: each has its module ID/profile.py."""

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ccxt_ext.testing import Profile
from tests.ids import IDS

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
