"""The venue that a case is about, and whether the case applies to it."""

from __future__ import annotations

import functools
from typing import Any

from ccxt_ext.testing.ccxt_copy import HAS_TESTS
from ccxt_ext.testing.conformance.cases import Case
from ccxt_ext.testing.conformance.levels import HAS_NOT, NO_FRONTEND, NO_PROFILE, NOT_IN_CCXT
from ccxt_ext.testing.profile import Profile
from ccxt_ext.testing.venues import class_of, has_frontend, kinds_of, lists_markets, origin


class Tested:
    __test__ = False  # for pytest, which takes its name for that of tests

    def __init__(self, profile: Profile) -> None:
        self.id = profile.id
        self.profile = profile
        self.kinds = kinds_of(self.id)
        self.frontend = has_frontend(self.id)
        self.distribution, self.version = origin(self.id)

    @functools.cache  # noqa: B019  # there are few, and they stay
    def instance(self, kind: str) -> Any:
        """One to look at. None if there is no such class, or none that can be made: then its cases fail."""
        try:
            return class_of(self.id, kind)()
        except Exception:
            return None

    def able(self, name: str, kind: str) -> bool:
        """Whether the venue can, at all ('fetchOrder') or on one type of market ('spot.fetchOrder')."""
        exchange = self.instance(kind)
        if exchange is None:
            return True
        market_type, _, method = name.rpartition(".")
        if not market_type:
            return bool(exchange.has.get(name))
        features = (getattr(exchange, "features", None) or {}).get(market_type) or {}
        return bool(features.get(method)) or any(
            (part or {}).get(method) for part in features.values() if isinstance(part, dict)
        )

    def why_not(self, case: Case, kind: str | None) -> tuple[str, str] | None:
        """Why a case does not apply, as one of the outcomes and in words; None if it does."""
        if kind is not None and kind not in self.kinds:
            return HAS_NOT, f"there is no {kind} class"
        for name in case.needs:
            if not self.able(name, kind or self.kinds[0]):
                return HAS_NOT, f"has says that there is no {name}"
        if case.frontend and not self.frontend:
            return NO_FRONTEND, "the venue has no frontend"
        if case.lists_markets and not lists_markets(self.id):
            return HAS_NOT, "its frontend has no listing_like(), so no market can be listed later"
        if case.answers and not (self.frontend or self.profile.samples):
            return NO_FRONTEND, "the venue has no frontend, and no profile says its samples"
        if case.ccxts_tests and not HAS_TESTS:
            return NOT_IN_CCXT, "this release of ccxt comes without its tests of exchanges"
        for field in case.profile:
            if not getattr(self.profile, field):
                return NO_PROFILE, f"no profile says its {field}"
        return None

    def claims(self) -> set[str]:
        """What any of its classes claims in `has`."""
        made = (self.instance(kind) for kind in self.kinds)
        return {
            name for exchange in made if exchange is not None for name, able in exchange.has.items() if able
        }
