"""What a simulated venue refuses. Each refusal has a word for its kind, which clients go by."""

from __future__ import annotations

from ccxt_ext.sandbox.frontend import Refusal
from ccxt_ext.sandbox.frontend.engine import Refused

STATUSES = {"authentication": 401, "unknown_call": 404, "maintenance": 503}


class Declined(Refusal):
    """A refusal with the word for its kind. Those of the engine keep the engine's words."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(STATUSES.get(kind, 400), message)
        self.kind = kind


def bad_request(message: str) -> Declined:
    return Declined("bad_request", message)


def unknown_market(symbol: object) -> Declined:
    return Declined("unknown_market", f"there is no market {symbol}")


def unknown_order(id: object) -> Declined:
    return Declined("unknown_order", f"there is no order {id}")


def declined_by_engine(refused: Refused) -> Declined:
    return Declined(refused.reason, str(refused))
